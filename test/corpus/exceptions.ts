/** A real wheel that is refused, and why that is right. */
export interface Exception {
  /** Its file name. */
  readonly wheel: string;
  readonly code: string;
  readonly reason: string;
  /** The Python for which it was made, full version: there it is accepted. */
  readonly madeFor: string;
}

/** All of them: a wheel that is refused and not named here fails its test, and so does one that is named and accepted. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    wheel: 'configparser-4.0.2-py2.py3-none-any.whl',
    code: 'ENV_STANDARD_LIBRARY',
    reason: 'the module of Python 3 for Python 2; its tags admit Python 3, where it would hide the newer original',
    madeFor: '2.7.18',
  },
  {
    wheel: 'dataclasses-0.8-py3-none-any.whl',
    code: 'ENV_STANDARD_LIBRARY',
    reason: 'the module of Python 3.7 for 3.6, where Requires-Python keeps it',
    madeFor: '3.6.15',
  },
  {
    wheel: 'ipaddress-1.0.23-py2.py3-none-any.whl',
    code: 'ENV_STANDARD_LIBRARY',
    reason: 'the module of Python 3 for Python 2; its tags admit Python 3, where it would hide the newer original',
    madeFor: '2.7.18',
  },
];
