// usage: node scripts/summary.mjs REPORT.json STATUS
// The end of a test run: what was skipped and why, what failed outside of any test, and the counts, out of the report that
// report.mjs wrote. STATUS is what the runner ended with. Ends with 1 when anything failed, or when there is no report.
import { readFileSync } from 'node:fs';

const [path, status] = process.argv.slice(2);

function readReport() {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const message = `the runner ended with ${status} and left no report that can be read: ${error.message}`;
    return { numPassedTests: 0, numFailedTests: 0, skippedTests: [], outsideOfTests: [{ name: path, message }] };
  }
}

const { numPassedTests: passed, numFailedTests, skippedTests, outsideOfTests } = readReport();
const failures = [...outsideOfTests];
if (numFailedTests + failures.length === 0) {
  if (status !== '0') failures.push({ name: 'the runner', message: `ended with ${status}` });
  else if (passed === 0) failures.push({ name: 'the runner', message: 'ran no test' });
}
const failed = numFailedTests + failures.length;

for (const { name, reason } of skippedTests) console.log(`skipped: ${name}${reason ? `: ${reason}` : ''}`);
for (const { name, message } of failures) console.log(`failed: ${name}: ${message}`);
console.log(`${passed} passed, ${failed} failed, ${skippedTests.length} skipped`);
process.exitCode = failed > 0 ? 1 : 0;
