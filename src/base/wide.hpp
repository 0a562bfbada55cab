#pragma once
// Function multiversioning for the few loops that all the time goes into: one
// binary runs on every processor and uses the wider registers of the newer
// ones. Only where the toolchain has it (GCC 12 or later with glibc's indirect
// functions); elsewhere the attribute is empty and the loops are the same.
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && \
    defined(__GLIBC__) && __GNUC__ >= 12
#define GATEMIX_WIDE                                         \
  __attribute__((target_clones("default", "arch=x86-64-v3", \
                               "arch=x86-64-v4")))
#else
#define GATEMIX_WIDE
#endif
