/* SPDX-License-Identifier: MIT
 *
 * Compiler attributes in the forms that gcc 12 and clang 14 both take.
 */
#ifndef FW_BASE_ATTR_H
#define FW_BASE_ATTR_H

#define NODISCARD    __attribute__((warn_unused_result))
#define RET_NONNULL  __attribute__((returns_nonnull))
#define PRINTF(f, a) __attribute__((format(printf, f, a)))
#define CLEANUP(fn)  __attribute__((cleanup(fn)))

#if defined(__SANITIZE_ADDRESS__)
#define FW_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FW_ASAN 1
#endif
#endif

/* Number of elements of an array (not of a pointer). */
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#endif
