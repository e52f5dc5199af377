// usage: node scripts/summary.mjs REPORT.json: the last line of a test run, out of the runner's own report.
import { readFileSync } from 'node:fs';

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const skipped = report.numPendingTests + report.numTodoTests;
for (const file of report.testResults) {
  for (const { status, fullName } of file.assertionResults) {
    if (status === 'skipped' || status === 'pending') console.log(`skipped: ${fullName}`);
  }
  // a file that cannot be loaded has failed without a single test
  if (file.status === 'failed' && file.assertionResults.length === 0) console.log(`failed: ${file.message}`);
}
console.log(`${report.numPassedTests} passed, ${report.numFailedTests} failed, ${skipped} skipped`);
