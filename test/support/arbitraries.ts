import * as fc from 'fast-check';

/** A name that any disk and HDFS take: no dot or space at its end, nothing that is not shown, composed. */
const segment = fc
  .stringMatching(/^[A-Za-z0-9_é€𝔘#%+@(][A-Za-z0-9_ .é€#%+@()',"-]{0,12}$/u)
  .filter((name) => !/[. ]$/.test(name) && name === name.normalize('NFC') && name !== '__proto__');

/** Paths below one package; none is the directory of another, and no two differ in case only. */
export function treeOfFiles(): fc.Arbitrary<Record<string, Buffer>> {
  const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => ['pkg', ...segments].join('/'));
  const content = fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes));
  return fc
    .uniqueArray(path, { maxLength: 12, selector: (one) => one.toLowerCase() })
    .map((paths) =>
      paths.filter((one) => !paths.some((other) => other.toLowerCase().startsWith(`${one.toLowerCase()}/`))),
    )
    .chain((paths) => fc.tuple(...paths.map((one) => fc.tuple(fc.constant(one), content))))
    .map((files) => Object.fromEntries(files));
}
