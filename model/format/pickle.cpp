// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#include "pickle.h"

#include <cstring>

#include "error.h"
#include "json.h"

namespace graphiqa {
namespace {

/// Bounds memory: a value takes about 100 bytes and every opcode makes at most
/// one. A state dict needs about 25 opcodes per tensor.
constexpr size_t kMaxOpcodes = 2'000'000;

struct Global {
  std::string_view module;
  std::string_view name;
  PickleKind kind;
  PickleFunction function;
  DType dtype;
};

constexpr Global Function(std::string_view module, std::string_view name,
                          PickleFunction function) {
  return {module, name, PickleKind::kFunction, function, DType::kF32};
}

constexpr Global Storage(std::string_view name, DType dtype) {
  return {"torch", name, PickleKind::kStorageType, PickleFunction::kOrderedDict,
          dtype};
}

/// All that a pickle may name; everything else is refused.
constexpr Global kGlobals[] = {
    Function("collections", "OrderedDict", PickleFunction::kOrderedDict),
    Function("torch._utils", "_rebuild_tensor_v2", PickleFunction::kTensorV2),
    Function("torch._utils", "_rebuild_parameter", PickleFunction::kParameter),
    Storage("DoubleStorage", DType::kF64),
    Storage("FloatStorage", DType::kF32),
    Storage("HalfStorage", DType::kF16),
    Storage("BFloat16Storage", DType::kBF16),
    Storage("LongStorage", DType::kI64),
    Storage("IntStorage", DType::kI32),
    Storage("ShortStorage", DType::kI16),
    Storage("CharStorage", DType::kI8),
    Storage("ByteStorage", DType::kU8),
    Storage("BoolStorage", DType::kBool),
};

/// The stack machine of Python's pickle module, cut down. Opcodes and their
/// meaning: Lib/pickletools.py of CPython.
class Machine {
 public:
  Machine(const uint8_t* data, size_t bytes, const std::string& what)
      : data_(data), bytes_(bytes), what_(what) {}

  Pickle Run();

 private:
  using Refs = std::vector<PickleRef>;

  [[noreturn]] void Fail(const std::string& why) const {
    throw Error(ErrorCode::kFormat, what_ + ": bad pickle at byte " +
                                        std::to_string(at_) + ": " + why);
  }

  const uint8_t* Take(size_t count) {
    if (count > bytes_ - at_) Fail("it ends too early");
    const uint8_t* const taken = data_ + at_;
    at_ += count;
    return taken;
  }

  /// Little-endian, unsigned.
  uint64_t Number(size_t size) {
    const uint8_t* const p = Take(size);
    uint64_t value = 0;
    for (size_t i = size; i-- > 0;) value = (value << 8) | p[i];
    return value;
  }

  std::string_view Text(size_t length) {
    return {reinterpret_cast<const char*>(Take(length)), length};
  }

  std::string_view Line() {
    const void* const end = std::memchr(data_ + at_, '\n', bytes_ - at_);
    if (end == nullptr) Fail("it ends too early");
    const auto length =
        static_cast<size_t>(static_cast<const uint8_t*>(end) - data_) - at_;
    const std::string_view line = Text(length);
    ++at_;
    return line;
  }

  bool Step(uint8_t opcode);
  bool StepNumber(uint8_t opcode);
  bool StepText(uint8_t opcode);
  bool StepTuple(uint8_t opcode);
  bool StepContainer(uint8_t opcode);
  bool StepMemo(uint8_t opcode);
  bool StepObject(uint8_t opcode);

  void Push(PickleValue value) {
    pickle_.values.push_back(std::move(value));
    stack_.push_back(static_cast<PickleRef>(pickle_.values.size() - 1));
  }
  void PushBool(bool truth);
  void PushInt(int64_t integer);
  void PushFloat();
  void PushLong(size_t size);
  void PushString(std::string_view text);
  void PushItems(PickleKind kind, Refs items);

  PickleRef Pop();
  Refs PopFromMark();
  Refs PopLast(size_t count);
  PickleValue& Top(PickleKind kind, const char* expected);

  void Extend(PickleKind kind, const Refs& items);
  void Remember(uint64_t slot);
  void Recall(uint64_t slot);
  void PushGlobal();
  void PushStorage();
  void Reduce();
  void Build();
  void RebuildTensor(const PickleValue& arguments);
  void RebuildParameter(const PickleValue& arguments);
  void RequireHooks(const PickleValue& hooks) const;
  void RequireSizes(const PickleValue& sizes) const;

  const PickleValue& At(PickleRef ref) const { return pickle_.values[ref]; }

  const uint8_t* data_;
  size_t bytes_;
  const std::string& what_;
  size_t at_ = 0;
  Pickle pickle_;
  Refs stack_;
  std::vector<size_t> marks_;
  std::unordered_map<uint64_t, PickleRef> memo_;
};

Pickle Machine::Run() {
  if (Number(1) != 0x80 || Number(1) != 2) Fail("not a pickle of protocol 2");
  for (size_t count = 0; count < kMaxOpcodes; ++count) {
    const auto opcode = static_cast<uint8_t>(Number(1));
    if (opcode == '.') {
      if (!marks_.empty() || stack_.size() != 1) Fail("STOP with a full stack");
      pickle_.root = stack_.back();
      pickle_.bytes = at_;
      return std::move(pickle_);
    }
    if (!Step(opcode)) {
      Fail("opcode " + std::to_string(opcode) + " is not allowed");
    }
  }
  Fail("too many opcodes");
}

bool Machine::Step(uint8_t opcode) {
  return StepNumber(opcode) || StepText(opcode) || StepTuple(opcode) ||
         StepContainer(opcode) || StepMemo(opcode) || StepObject(opcode);
}

bool Machine::StepNumber(uint8_t opcode) {
  switch (opcode) {
    case 'N':  // NONE
      Push({});
      return true;
    case 0x88:  // NEWTRUE
    case 0x89:  // NEWFALSE
      PushBool(opcode == 0x88);
      return true;
    case 'J':  // BININT, signed
      PushInt(static_cast<int32_t>(static_cast<uint32_t>(Number(4))));
      return true;
    case 'K':  // BININT1
      PushInt(static_cast<int64_t>(Number(1)));
      return true;
    case 'M':  // BININT2
      PushInt(static_cast<int64_t>(Number(2)));
      return true;
    case 0x8a:  // LONG1
      PushLong(static_cast<size_t>(Number(1)));
      return true;
    case 'G':  // BINFLOAT
      PushFloat();
      return true;
    default:
      return false;
  }
}

bool Machine::StepText(uint8_t opcode) {
  switch (opcode) {
    case 'X':  // BINUNICODE
    case 'T':  // BINSTRING (Python 2)
      PushString(Text(static_cast<size_t>(Number(4))));
      return true;
    case 'U':  // SHORT_BINSTRING (Python 2)
      PushString(Text(static_cast<size_t>(Number(1))));
      return true;
    default:
      return false;
  }
}

bool Machine::StepTuple(uint8_t opcode) {
  switch (opcode) {
    case ')':  // EMPTY_TUPLE
      PushItems(PickleKind::kTuple, {});
      return true;
    case 0x85:  // TUPLE1
    case 0x86:  // TUPLE2
    case 0x87:  // TUPLE3
      PushItems(PickleKind::kTuple, PopLast(opcode - size_t{0x84}));
      return true;
    case '(':  // MARK
      marks_.push_back(stack_.size());
      return true;
    case 't':  // TUPLE
      PushItems(PickleKind::kTuple, PopFromMark());
      return true;
    default:
      return false;
  }
}

bool Machine::StepContainer(uint8_t opcode) {
  switch (opcode) {
    case ']':  // EMPTY_LIST
      PushItems(PickleKind::kList, {});
      return true;
    case '}':  // EMPTY_DICT
      PushItems(PickleKind::kDict, {});
      return true;
    case 'a':  // APPEND
      Extend(PickleKind::kList, PopLast(1));
      return true;
    case 'e':  // APPENDS
      Extend(PickleKind::kList, PopFromMark());
      return true;
    case 's':  // SETITEM
      Extend(PickleKind::kDict, PopLast(2));
      return true;
    case 'u':  // SETITEMS
      Extend(PickleKind::kDict, PopFromMark());
      return true;
    default:
      return false;
  }
}

bool Machine::StepMemo(uint8_t opcode) {
  switch (opcode) {
    case 'q':  // BINPUT
      Remember(Number(1));
      return true;
    case 'r':  // LONG_BINPUT
      Remember(Number(4));
      return true;
    case 'h':  // BINGET
      Recall(Number(1));
      return true;
    case 'j':  // LONG_BINGET
      Recall(Number(4));
      return true;
    default:
      return false;
  }
}

bool Machine::StepObject(uint8_t opcode) {
  switch (opcode) {
    case 'c':  // GLOBAL
      PushGlobal();
      return true;
    case 'Q':  // BINPERSID
      PushStorage();
      return true;
    case 'R':  // REDUCE
      Reduce();
      return true;
    case 'b':  // BUILD
      Build();
      return true;
    default:
      return false;
  }
}

void Machine::PushBool(bool truth) {
  PickleValue value;
  value.kind = PickleKind::kBool;
  value.integer = truth ? 1 : 0;
  Push(std::move(value));
}

void Machine::PushInt(int64_t integer) {
  PickleValue value;
  value.kind = PickleKind::kInt;
  value.integer = integer;
  Push(std::move(value));
}

void Machine::PushFloat() {
  const uint8_t* const p = Take(8);  // big-endian
  uint64_t bits = 0;
  for (size_t i = 0; i < 8; ++i) bits = (bits << 8) | p[i];
  PickleValue value;
  value.kind = PickleKind::kFloat;
  std::memcpy(&value.real, &bits, sizeof bits);
  Push(std::move(value));
}

void Machine::PushLong(size_t size) {
  if (size > 8) Fail("an integer of more than 64 bits");
  if (size == 0) return PushInt(0);
  uint64_t value = Number(size);
  const size_t unused = 64 - 8 * size;
  value <<= unused;
  // Two's complement: the arithmetic shift brings the sign back.
  PushInt(static_cast<int64_t>(value) >> unused);
}

void Machine::PushString(std::string_view text) {
  if (!IsUtf8(text)) Fail("a string is not UTF-8");
  PickleValue value;
  value.kind = PickleKind::kString;
  value.text = text;
  Push(std::move(value));
}

void Machine::PushItems(PickleKind kind, Refs items) {
  PickleValue value;
  value.kind = kind;
  value.items = std::move(items);
  Push(std::move(value));
}

PickleRef Machine::Pop() { return PopLast(1)[0]; }

Machine::Refs Machine::PopLast(size_t count) {
  const size_t floor = marks_.empty() ? 0 : marks_.back();
  if (stack_.size() - floor < count) Fail("the stack is empty");
  const auto begin = stack_.end() - static_cast<std::ptrdiff_t>(count);
  Refs items(begin, stack_.end());
  stack_.erase(begin, stack_.end());
  return items;
}

Machine::Refs Machine::PopFromMark() {
  if (marks_.empty()) Fail("no MARK");
  Refs items = PopLast(stack_.size() - marks_.back());
  marks_.pop_back();
  return items;
}

PickleValue& Machine::Top(PickleKind kind, const char* expected) {
  const size_t floor = marks_.empty() ? 0 : marks_.back();
  if (stack_.size() == floor || At(stack_.back()).kind != kind) {
    Fail(std::string("expected ") + expected + " on the stack");
  }
  return pickle_.values[stack_.back()];
}

void Machine::Extend(PickleKind kind, const Refs& items) {
  const bool list = kind == PickleKind::kList;
  PickleValue& target = Top(kind, list ? "a list" : "a dict");
  if (!list && items.size() % 2 != 0) Fail("a key without a value");
  target.items.insert(target.items.end(), items.begin(), items.end());
}

void Machine::Remember(uint64_t slot) {
  const PickleRef ref = Pop();
  memo_[slot] = ref;
  stack_.push_back(ref);
}

void Machine::Recall(uint64_t slot) {
  const auto found = memo_.find(slot);
  if (found == memo_.end()) Fail("nothing remembered under this number");
  stack_.push_back(found->second);
}

void Machine::PushGlobal() {
  const std::string_view module = Line();
  const std::string_view name = Line();
  for (const Global& global : kGlobals) {
    if (global.module != module || global.name != name) continue;
    PickleValue value;
    value.kind = global.kind;
    value.function = global.function;
    value.dtype = global.dtype;
    return Push(std::move(value));
  }
  Fail("the global " +
       JsonQuote(std::string(module.substr(0, 80)) + "." +
                 std::string(name.substr(0, 80))) +
       " is not allowed");
}

/// The persistent id ("storage", type, key, device, elements[, view]); the
/// device is ignored. Legacy files have the sixth item.
void Machine::PushStorage() {
  const PickleValue& id = At(Pop());
  if (id.kind != PickleKind::kTuple || id.items.size() < 5 ||
      id.items.size() > 6) {
    Fail("a persistent id of an unknown form");
  }
  const PickleValue& tag = At(id.items[0]);
  const PickleValue& type = At(id.items[1]);
  const PickleValue& key = At(id.items[2]);
  const PickleValue& device = At(id.items[3]);
  const PickleValue& elements = At(id.items[4]);
  if (tag.kind != PickleKind::kString || tag.text != "storage" ||
      type.kind != PickleKind::kStorageType ||
      key.kind != PickleKind::kString || device.kind != PickleKind::kString ||
      elements.kind != PickleKind::kInt || elements.integer < 0) {
    Fail("a persistent id of an unknown form");
  }
  if (id.items.size() == 6 && At(id.items[5]).kind != PickleKind::kNone) {
    Fail("a view of a storage (PyTorch before 0.4) is not supported");
  }
  PickleValue storage;
  storage.kind = PickleKind::kStorage;
  storage.dtype = type.dtype;
  storage.text = key.text;
  storage.integer = elements.integer;
  Push(std::move(storage));
}

void Machine::Reduce() {
  const PickleRef arguments = Pop();
  const PickleRef callee = Pop();
  if (At(callee).kind != PickleKind::kFunction ||
      At(arguments).kind != PickleKind::kTuple) {
    Fail("REDUCE of something that is no known function");
  }
  switch (At(callee).function) {
    case PickleFunction::kOrderedDict:
      if (!At(arguments).items.empty()) Fail("OrderedDict with arguments");
      PushItems(PickleKind::kDict, {});
      pickle_.values.back().ordered = true;
      return;
    case PickleFunction::kTensorV2:
      return RebuildTensor(At(arguments));
    case PickleFunction::kParameter:
      return RebuildParameter(At(arguments));
  }
}

void Machine::RequireHooks(const PickleValue& hooks) const {
  if (hooks.kind != PickleKind::kDict || !hooks.items.empty()) {
    Fail("a tensor with hooks");
  }
}

void Machine::RequireSizes(const PickleValue& sizes) const {
  bool good = sizes.kind == PickleKind::kTuple;
  for (const PickleRef ref : sizes.items) {
    good = good && At(ref).kind == PickleKind::kInt;
  }
  if (!good) Fail("a tensor's sizes must be a tuple of integers");
}

/// (storage, offset, sizes, strides, requires_grad, hooks).
void Machine::RebuildTensor(const PickleValue& arguments) {
  const Refs& items = arguments.items;
  if (items.size() != 6 || At(items[0]).kind != PickleKind::kStorage ||
      At(items[1]).kind != PickleKind::kInt ||
      At(items[4]).kind != PickleKind::kBool) {
    Fail("a tensor with unknown arguments");
  }
  RequireSizes(At(items[2]));
  RequireSizes(At(items[3]));
  RequireHooks(At(items[5]));
  PickleValue tensor;
  tensor.kind = PickleKind::kTensor;
  tensor.integer = At(items[1]).integer;
  tensor.items = {items[0], items[2], items[3]};
  Push(std::move(tensor));
}

/// (tensor, requires_grad, hooks): the tensor itself.
void Machine::RebuildParameter(const PickleValue& arguments) {
  const Refs& items = arguments.items;
  if (items.size() != 3 || At(items[0]).kind != PickleKind::kTensor ||
      At(items[1]).kind != PickleKind::kBool) {
    Fail("a parameter with unknown arguments");
  }
  RequireHooks(At(items[2]));
  stack_.push_back(items[0]);
}

/// Only the version numbers that a state dict carries as an attribute.
void Machine::Build() {
  const PickleValue& state = At(Pop());
  const PickleValue& target = Top(PickleKind::kDict, "an OrderedDict");
  const bool metadata = state.kind == PickleKind::kDict &&
                        state.items.size() == 2 &&
                        At(state.items[0]).kind == PickleKind::kString &&
                        At(state.items[0]).text == "_metadata" &&
                        At(state.items[1]).kind == PickleKind::kDict;
  if (!target.ordered || !metadata) {
    Fail("BUILD of anything but the `_metadata` of an OrderedDict");
  }
}

}  // namespace

const PickleValue* Pickle::Find(const PickleValue& dict,
                                std::string_view key) const {
  for (size_t i = 0; i + 1 < dict.items.size(); i += 2) {
    const PickleValue& name = values[dict.items[i]];
    if (name.kind == PickleKind::kString && name.text == key) {
      return &values[dict.items[i + 1]];
    }
  }
  return nullptr;
}

Pickle ReadPickle(const uint8_t* data, size_t bytes, const std::string& what) {
  return Machine(data, bytes, what).Run();
}

}  // namespace graphiqa
