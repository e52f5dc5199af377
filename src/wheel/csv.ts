/**
 * Reads comma-separated values as Python's `csv` module writes them: fields in quotation marks may hold commas, line ends
 * and doubled quotation marks. Empty lines are skipped.
 *
 * @returns undefined when a quotation has no end
 */
export function parseCsv(text: string): string[][] | undefined {
  const rows: string[][] = [];
  for (const row of readCsv(text)) {
    if (row === undefined) return undefined;
    if (row.length > 1 || row[0] !== '') rows.push(row);
  }
  return rows;
}

/**
 * The same row by row, for a text that may hold millions of them. An empty line is a row of one empty field; undefined
 * stands for a quotation without end, and is the last.
 */
export function* readCsv(text: string): Generator<string[] | undefined> {
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let field = '';
    if (text[at] === '"') {
      const end = endOfQuotation(text, at + 1);
      if (end === -1) return yield undefined;
      field = text.slice(at + 1, end).replaceAll('""', '"');
      at = end + 1;
    }
    const rest = /[,\r\n]|$/g;
    rest.lastIndex = at;
    const separatorAt = rest.exec(text)?.index ?? text.length;
    field += text.slice(at, separatorAt);
    row.push(field);
    at = separatorAt + 1;
    if (text[separatorAt] === ',') {
      if (at === text.length) row.push('');
      if (at < text.length) continue;
    }
    if (text[separatorAt] === '\r' && text[at] === '\n') at += 1;
    yield row;
    row = [];
  }
}

function endOfQuotation(text: string, start: number): number {
  for (let at = text.indexOf('"', start); at !== -1; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return at;
  }
  return -1;
}

/** One row, quoted only where it must be, with the line end `\n`. */
export function formatCsvRow(fields: readonly string[]): string {
  const quoted = fields.map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field));
  return `${quoted.join(',')}\n`;
}
