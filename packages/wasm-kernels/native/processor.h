// Which processors can run an instruction set. addon.cc asks before anything compiled for it runs.
#pragma once
#include <stdint.h>

#if defined(__x86_64__)

#include <cpuid.h>

/** The parts of the registers that the operating system saves (XCR0); 0 if it saves none of them. */
static inline uint64_t savedRegisters() {
  unsigned a, b, c, d;
  constexpr unsigned OSXSAVE = 1u << 27;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & OSXSAVE)) return 0;
  unsigned low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return uint64_t{high} << 32 | low;
}

/** AVX2 with fused multiply-add: x86-64-v3. */
static inline bool hasAvx2() {
  constexpr unsigned FMA = 1u << 12, MOVBE = 1u << 22, F16C = 1u << 29, AVX2 = 1u << 5, BMI1 = 1u << 3, BMI2 = 1u << 8;
  constexpr unsigned LZCNT = 1u << 5;
  unsigned a, b, c, d;
  if ((savedRegisters() & 0x6) != 0x6) return false;
  if (!__get_cpuid(1, &a, &b, &c, &d) || (c & (FMA | MOVBE | F16C)) != (FMA | MOVBE | F16C)) return false;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || (b & (AVX2 | BMI1 | BMI2)) != (AVX2 | BMI1 | BMI2)) return false;
  return __get_cpuid(0x80000001, &a, &b, &c, &d) && (c & LZCNT);
}

/** AVX-512 F, DQ, CD, BW and VL: x86-64-v4. */
static inline bool hasAvx512() {
  constexpr unsigned NEEDED = 1u << 16 | 1u << 17 | 1u << 28 | 1u << 30 | 1u << 31;
  unsigned a, b, c, d;
  return hasAvx2() && (savedRegisters() & 0xe6) == 0xe6 && __get_cpuid_count(7, 0, &a, &b, &c, &d) &&
         (b & NEEDED) == NEEDED;
}

#endif
