// A vitest reporter: the runner's own JSON report, and what that leaves out, which is why a test was skipped, and what
// failed outside of any test (hooks, files that cannot be loaded, errors that nobody caught).
import { JsonReporter } from 'vitest/node';

const textOf = (errors) => errors.map((error) => error.message ?? error.stack).join('\n');

export default class Report extends JsonReporter {
  async onTestRunEnd(modules, unhandledErrors) {
    const suites = modules.flatMap((module) => [module, ...module.children.allSuites()]);
    this.outsideOfTests = suites
      .filter((suite) => suite.errors().length > 0)
      .map((suite) => ({ name: suite.fullName ?? suite.relativeModuleId, message: textOf(suite.errors()) }));
    if (unhandledErrors.length > 0)
      this.outsideOfTests.push({ name: 'an error that nobody caught', message: textOf(unhandledErrors) });
    this.skippedTests = modules
      .flatMap((module) => [...module.children.allTests('skipped')])
      .map((test) => ({ name: test.fullName, reason: test.result().note }));
    await super.onTestRunEnd(modules, unhandledErrors);
  }

  writeReport(text) {
    const { outsideOfTests, skippedTests } = this;
    return super.writeReport(JSON.stringify({ ...JSON.parse(text), outsideOfTests, skippedTests }));
  }
}
