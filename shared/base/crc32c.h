#ifndef BASE_CRC32C_H
#define BASE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/*
 * CRC32c (Castagnoli; RFC 3720 12.1, RFC 4960 appendix B). It finds damage, but not malice.
 *
 * BEFORE is the checksum of the bytes that came earlier, 0 where there were none: so they may be
 * handed in in pieces of any length, 0 included. On the wire, protocols write the result with
 * whichever byte first; that is the caller's business.
 */
uint32_t crc32c(uint32_t before, const void *bytes, size_t length);

#endif
