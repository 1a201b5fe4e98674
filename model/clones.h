// Copyright 2026 The graphiqa authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Functions marked so are compiled for several instruction sets, and the best
// is chosen when the library is loaded; other compilers and machines take the
// plain one, and so do sanitizers, which run before the choice can be made.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
#define GRAPHIQA_CLONES                                                     \
  __attribute__((optimize("O3"), target_clones("arch=x86-64-v4", "avx512f", \
                                               "avx2", "default")))
#else
#define GRAPHIQA_CLONES
#endif

// Functions marked so are compiled with each of those that call them.
#if defined(__GNUC__)
#define GRAPHIQA_INLINE inline __attribute__((always_inline))
#else
#define GRAPHIQA_INLINE inline
#endif
