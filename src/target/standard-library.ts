/** Of Python 2.7. */
const PYTHON_2 = `
  BaseHTTPServer Bastion CGIHTTPServer Canvas ConfigParser Cookie Dialog DocXMLRPCServer FileDialog FixTk HTMLParser
  MimeWriter Queue ScrolledText SimpleDialog SimpleHTTPServer SimpleXMLRPCServer SocketServer StringIO Tix Tkconstants
  Tkdnd Tkinter UserDict UserList UserString abc aifc antigravity anydbm argparse array ast asynchat asyncore atexit
  audiodev audioop base64 bdb binascii binhex bisect bsddb bz2 cPickle cProfile cStringIO calendar cgi cgitb chunk
  cmath cmd code codecs codeop collections colorsys commands compileall compiler contextlib cookielib copy copy_reg
  crypt csv ctypes curses datetime dbhash decimal difflib dircache dis distutils doctest dumbdbm dummy_thread
  dummy_threading email encodings ensurepip errno exceptions fcntl filecmp fileinput fnmatch formatter fpformat
  fractions ftplib functools future_builtins gc genericpath getopt getpass gettext glob grp gzip hashlib heapq hmac
  hotshot htmlentitydefs htmllib httplib idlelib ihooks imaplib imghdr imp importlib imputil inspect io itertools json
  keyword lib2to3 linecache linuxaudiodev locale logging macpath macurl2path mailbox mailcap markupbase marshal math
  md5 mhlib mimetools mimetypes mimify mmap modulefinder multifile multiprocessing mutex netrc new nis nntplib ntpath
  nturl2path numbers opcode operator optparse os ossaudiodev parser pdb pickle pickletools pipes pkgutil platform
  plistlib popen2 poplib posix posixfile posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data
  pyexpat quopri random re readline repr resource rexec rfc822 rlcompleter robotparser runpy sched select sets sgmllib
  sha shelve shlex shutil signal site smtpd smtplib sndhdr socket spwd sqlite3 sre sre_compile sre_constants sre_parse
  ssl stat statvfs string stringold stringprep strop struct subprocess sunau sunaudio symbol symtable sys sysconfig
  syslog tabnanny tarfile telnetlib tempfile termios textwrap this thread threading time timeit tkColorChooser
  tkCommonDialog tkFileDialog tkFont tkMessageBox tkSimpleDialog token tokenize trace traceback ttk tty turtle types
  unicodedata unittest urllib urllib2 urlparse user uu uuid warnings wave weakref webbrowser whichdb wsgiref xdrlib
  xml xmllib xmlrpclib zipfile zipimport zlib
`;

/** What 3.6 to 3.13 have in common; private names, which begin with `_`, are left out. */
const PYTHON_3 = `
  abc antigravity argparse array ast asyncio atexit base64 bdb binascii bisect builtins bz2 cProfile calendar cmath
  cmd code codecs codeop collections colorsys compileall concurrent configparser contextlib copy copyreg csv ctypes
  curses datetime dbm decimal difflib dis doctest email encodings ensurepip enum errno faulthandler fcntl filecmp
  fileinput fnmatch fractions ftplib functools gc genericpath getopt getpass gettext glob grp gzip hashlib heapq hmac
  html http idlelib imaplib importlib inspect io ipaddress itertools json keyword linecache locale logging lzma
  mailbox marshal math mimetypes mmap modulefinder multiprocessing netrc ntpath nturl2path numbers opcode operator
  optparse os pathlib pdb pickle pickletools pkgutil platform plistlib poplib posix posixpath pprint profile pstats
  pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re readline reprlib resource rlcompleter
  runpy sched secrets select selectors shelve shlex shutil signal site smtplib socket socketserver sqlite3 sre_compile
  sre_constants sre_parse ssl stat statistics string stringprep struct subprocess symtable sys sysconfig syslog
  tabnanny tarfile tempfile termios textwrap this threading time timeit tkinter token tokenize trace traceback
  tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib uuid venv warnings wave weakref
  webbrowser wsgiref xml xmlrpc zipapp zipfile zipimport zlib
`;

/** First minor version of Python 3 that has them. */
const SINCE: Readonly<Record<string, number>> = {
  contextvars: 7,
  dataclasses: 7,
  graphlib: 9,
  zoneinfo: 9,
  tomllib: 11,
};

/** By the last minor version of Python 3 that has them. */
const UNTIL: readonly (readonly [minor: number, names: string])[] = [
  [7, 'macpath'],
  [8, 'dummy_threading'],
  [9, 'formatter parser symbol'],
  [10, 'binhex'],
  [11, 'asynchat asyncore distutils imp smtpd'],
  [
    12,
    'aifc audioop cgi cgitb chunk crypt imghdr lib2to3 mailcap nis nntplib ossaudiodev pipes sndhdr spwd sunau telnetlib uu xdrlib',
  ],
];

/**
 * Whether `import name` means a module of the target's standard library. A job finds the environment first, so a file of
 * that name would take the place of the module for Spark itself, too.
 *
 * @param python of the target, `3.11.9`; from the lists `sys.stdlib_module_names` of 3.10 to 3.13 and the folders of 2.7 to 3.9
 */
export function isStandardModule(name: string, python: string): boolean {
  const [major, minor = 0] = python.split('.').map(Number);
  if (major === 2) return isAmong(name, PYTHON_2);
  const since = Object.hasOwn(SINCE, name) ? SINCE[name] : undefined;
  if (since !== undefined) return minor >= since;
  return isAmong(name, PYTHON_3) || UNTIL.some(([last, names]) => minor <= last && isAmong(name, names));
}

function isAmong(name: string, names: string): boolean {
  return names.trim().split(/\s+/).includes(name);
}
