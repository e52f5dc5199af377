import { quoteName, wheelError } from './wheel-error.ts';

const ZIP64_ID = 0x0001;
const UNICODE_PATH_ID = 0x7075;
const SATURATED = 0xffffffff;

export interface HeaderSizes {
  readonly size: number;
  readonly compressedSize: number;
  /** Undefined in a local header, which has none. */
  readonly offset?: number;
}

/** The extra fields of one header by their number (APPNOTE 4.5.1). */
export type ExtraFields = ReadonlyMap<number, Buffer>;

/**
 * Cuts the extra fields apart.
 *
 * @throws HdfsVenvError `WHEEL_ZIP_EXTRA` when their lengths do not add up, or one comes twice
 */
export function parseExtraFields(wheel: string, entry: string, bytes: Buffer): ExtraFields {
  const fields = new Map<number, Buffer>();
  let at = 0;
  while (at < bytes.length) {
    const length = at + 4 <= bytes.length ? bytes.readUInt16LE(at + 2) : Infinity;
    const id = length === Infinity ? -1 : bytes.readUInt16LE(at);
    if (at + 4 + length > bytes.length) {
      const announced = length === Infinity ? 'a header of 4 bytes' : `${4 + length} bytes of field ${id}`;
      const problem = `has ${bytes.length} bytes of extra fields: at byte ${at}, ${announced} do not fit in`;
      throw wheelError(wheel, 'WHEEL_ZIP_EXTRA', `entry ${quoteName(entry)} ${problem}`);
    }
    if (fields.has(id)) {
      const problem = `entry ${quoteName(entry)} has extra field ${id} twice: at byte ${at} once more`;
      throw wheelError(wheel, 'WHEEL_ZIP_EXTRA', problem);
    }
    fields.set(id, bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return fields;
}

/** Whether a header brings 64-bit numbers, needed or not. */
export function hasZip64(extra: ExtraFields): boolean {
  return extra.has(ZIP64_ID);
}

/** The numbers of the ZIP64 field, whether or not the header's own point at it. See `resolveZip64`. */
export function zip64Sizes(wheel: string, entry: string, extra: ExtraFields): HeaderSizes {
  return resolveZip64(wheel, entry, { size: SATURATED, compressedSize: SATURATED }, extra);
}

/**
 * Fills in what did not fit into 32 bits. The ZIP64 field holds only the saturated numbers, in this order (APPNOTE
 * 4.5.3); what the local header's field holds beyond them is ignored by every reader.
 *
 * @throws HdfsVenvError `WHEEL_ZIP_ZIP64` when a number is missing, or is larger than a double can hold exactly
 */
export function resolveZip64(wheel: string, entry: string, sizes: HeaderSizes, extra: ExtraFields): HeaderSizes {
  const field = extra.get(ZIP64_ID) ?? Buffer.alloc(0);
  let at = 0;
  const resolve = (number: number): number => {
    if (number !== SATURATED) return number;
    const large = at + 8 <= field.length ? field.readBigUInt64LE(at) : BigInt(Number.MAX_SAFE_INTEGER) + 1n;
    at += 8;
    if (large > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw wheelError(
        wheel,
        'WHEEL_ZIP_ZIP64',
        `entry ${quoteName(entry)} needs a ZIP64 field, its extra field has ${field.length} bytes of it`,
      );
    }
    return Number(large);
  };
  const size = resolve(sizes.size);
  const compressedSize = resolve(sizes.compressedSize);
  return sizes.offset === undefined
    ? { size, compressedSize }
    : { size, compressedSize, offset: resolve(sizes.offset) };
}

/**
 * The directory's ZIP64 field must hold what is saturated and nothing else: readers that expect its numbers in fixed
 * places would take others. Local headers may reserve room that was not needed, as writers do that learn sizes late.
 *
 * @throws HdfsVenvError `WHEEL_ZIP_ZIP64`
 */
export function requireExactZip64(
  wheel: string,
  entry: string,
  { size, compressedSize, offset, disk }: Required<HeaderSizes> & { readonly disk: number },
  extra: ExtraFields,
): void {
  const saturated = [size, compressedSize, offset].filter((number) => number === SATURATED).length;
  const expected = 8 * saturated + (disk === 0xffff ? 4 : 0);
  const found = extra.get(ZIP64_ID)?.length ?? 0;
  if (found === expected) return;
  const problem = `entry ${quoteName(entry)} has ${found} bytes in its ZIP64 field, expected ${expected}`;
  throw wheelError(wheel, 'WHEEL_ZIP_ZIP64', problem);
}

/**
 * Some readers take the name from Info-ZIP's Unicode Path field instead of the header (APPNOTE 4.6.9).
 *
 * @throws HdfsVenvError `WHEEL_ZIP_SECOND_NAME` when it is another name
 */
export function requireSameUnicodePath(wheel: string, entry: string, name: Buffer, extra: ExtraFields): void {
  const other = extra.get(UNICODE_PATH_ID)?.subarray(5);
  if (other === undefined || other.equals(name)) return;
  throw wheelError(
    wheel,
    'WHEEL_ZIP_SECOND_NAME',
    `entry ${quoteName(entry)} is called ${quoteName(other.toString())} by its extra field`,
  );
}
