// after: kit.js
// A zip whose files are stored as they are: pictures are packed already.

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** The checksum that zip files carry. */
function crc32(bytes) {
  let value = ~0;
  for (const byte of bytes) value = (value >>> 8) ^ CRC[(value ^ byte) & 255];
  return ~value >>> 0;
}

/** Numbers as little-endian bytes: [[value, bytes], …]. */
function packed(fields) {
  return Uint8Array.from(fields.flatMap(([value, bytes]) => (
    Array.from({ length: bytes }, (_, i) => (value >>> (8 * i)) & 255))));
}

/** Files as [name, bytes] → the parts of a zip archive, for a Blob. */
function zipped(files) {
  const [parts, entries] = [[], []];
  let at = 0;
  for (const [name, bytes] of files) {
    const called = new TextEncoder().encode(name);
    // Version 2.0, names in UTF-8, stored, 1 January 1980.
    const common = [[20, 2], [0x800, 2], [0, 2], [0, 2], [33, 2], [crc32(bytes), 4],
      [bytes.length, 4], [bytes.length, 4], [called.length, 2], [0, 2]];
    parts.push(packed([[0x04034b50, 4], ...common]), called, bytes);
    entries.push(packed([[0x02014b50, 4], [20, 2], ...common,
      [0, 2], [0, 2], [0, 2], [0, 4], [at, 4]]), called);
    at += 30 + called.length + bytes.length;
  }
  const size = entries.reduce((sum, part) => sum + part.length, 0);
  const end = packed([[0x06054b50, 4], [0, 2], [0, 2], [files.length, 2], [files.length, 2],
    [size, 4], [at, 4], [0, 2]]);
  return [...parts, ...entries, end];
}
