/*
 * Where the names are from: 3.10 to 3.13: `sys.stdlib_module_names`. 3.14: the table of the PyPI project stdlibs 2026.9.3,
 * which is made from CPython's sources. 2.7 and 3.6 to 3.9: the folders of the library and `sys.builtin_module_names`, and
 * what the same project knows besides of optional modules. `test` and what only tests CPython itself is left out.
 */

/** Of Python 2.7 on Linux. */
export const PYTHON_2 = `
  BaseHTTPServer Bastion CDROM CGIHTTPServer Canvas ConfigParser Cookie DLFCN Dialog DocXMLRPCServer FileDialog FixTk
  HTMLParser IN MimeWriter Queue ScrolledText SimpleDialog SimpleHTTPServer SimpleXMLRPCServer SocketServer StringIO
  TYPES Tix Tkconstants Tkdnd Tkinter UserDict UserList UserString _LWPCookieJar _MozillaCookieJar __builtin__
  __future__ _abcoll _ast _bisect _bsddb _codecs _codecs_cn _codecs_hk _codecs_iso2022 _codecs_jp _codecs_kr
  _codecs_tw _collections _csv _ctypes _curses _curses_panel _elementtree _functools _hashlib _heapq _hotshot _io
  _json _locale _lsprof _md5 _multibytecodec _multiprocessing _osx_support _pyio _random _sha _sha256 _sha512 _socket
  _sqlite3 _sre _ssl _strptime _struct _symtable _threading_local _tkinter _warnings _weakref _weakrefset _winreg abc
  aifc antigravity anydbm argparse array ast asynchat asyncore atexit audiodev audioop base64 bdb binascii binhex
  bisect bsddb bz2 cPickle cProfile cStringIO calendar cgi cgitb chunk cmath cmd code codecs codeop collections
  colorsys commands compileall compiler contextlib cookielib copy copy_reg crypt csv ctypes curses datetime dbhash dbm
  decimal difflib dircache dis distutils doctest dumbdbm dummy_thread dummy_threading email encodings ensurepip errno
  exceptions fcntl filecmp fileinput fnmatch formatter fpformat fractions ftplib functools future_builtins gc gdbm
  genericpath getopt getpass gettext glob grp gzip hashlib heapq hmac hotshot htmlentitydefs htmllib httplib ihooks
  imageop imaplib imghdr imp importlib imputil inspect io itertools json keyword lib2to3 linecache linuxaudiodev
  locale logging macpath macurl2path mailbox mailcap markupbase marshal math md5 mhlib mimetools mimetypes mimify mmap
  modulefinder msvcrt multifile multiprocessing mutex netrc new nis nntplib nt ntpath nturl2path numbers opcode
  operator optparse os os2emxpath ossaudiodev parser pdb pickle pickletools pipes pkgutil platform plistlib popen2
  poplib posix posixfile posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat quopri
  random re readline repr resource rexec rfc822 rlcompleter robotparser runpy sched select sets sgmllib sha shelve
  shlex shutil signal site smtpd smtplib sndhdr socket spwd sqlite3 sre sre_compile sre_constants sre_parse ssl stat
  statvfs string stringold stringprep strop struct subprocess sunau sunaudio symbol symtable sys sysconfig syslog
  tabnanny tarfile telnetlib tempfile termios textwrap this thread threading time timeit tkColorChooser tkCommonDialog
  tkFileDialog tkFont tkMessageBox tkSimpleDialog toaiff token tokenize trace traceback ttk tty turtle types
  unicodedata unittest urllib urllib2 urlparse user uu uuid warnings wave weakref webbrowser whichdb wsgiref xdrlib
  xml xmllib xmlrpclib zipfile zipimport zlib
`;

/** What 3.6 to 3.14 have in common, on whatever system: on Linux `import winreg` must fail, and is tried. */
export const PYTHON_3 = `
  __future__ _ast _asyncio _bisect _blake2 _bz2 _codecs _codecs_cn _codecs_hk _codecs_iso2022 _codecs_jp _codecs_kr
  _codecs_tw _collections _collections_abc _compat_pickle _csv _ctypes _curses _curses_panel _datetime _dbm _decimal
  _elementtree _frozen_importlib _frozen_importlib_external _functools _gdbm _heapq _imp _io _json _locale _lsprof
  _lzma _markupbase _md5 _multibytecodec _multiprocessing _opcode _operator _osx_support _overlapped _pickle
  _posixsubprocess _pydecimal _pyio _random _scproxy _sha1 _sha3 _signal _sitebuiltins _socket _sqlite3 _sre _ssl
  _stat _string _strptime _struct _symtable _thread _threading_local _tkinter _tracemalloc _warnings _weakref
  _weakrefset _winapi abc antigravity argparse array ast asyncio atexit base64 bdb binascii bisect builtins bz2
  cProfile calendar cmath cmd code codecs codeop collections colorsys compileall concurrent configparser contextlib
  copy copyreg csv ctypes curses datetime dbm decimal difflib dis doctest email encodings ensurepip enum errno
  faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc genericpath getopt getpass gettext glob
  grp gzip hashlib heapq hmac html http imaplib importlib inspect io ipaddress itertools json keyword linecache locale
  logging lzma mailbox marshal math mimetypes mmap modulefinder msvcrt multiprocessing netrc nt ntpath nturl2path
  numbers opcode operator optparse os pathlib pdb pickle pickletools pkgutil platform plistlib poplib posix posixpath
  pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re readline reprlib
  resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site smtplib socket
  socketserver sqlite3 sre_compile sre_constants sre_parse ssl stat statistics string stringprep struct subprocess
  symtable sys sysconfig syslog tabnanny tarfile tempfile termios textwrap this threading time timeit tkinter token
  tokenize trace traceback tracemalloc tty turtle types typing unicodedata unittest urllib uuid venv warnings wave
  weakref webbrowser winreg winsound wsgiref xml xmlrpc zipapp zipfile zipimport zlib
`;

/** The others of Python 3: first and last minor version that has them. */
export const PYTHON_3_SPANS: readonly (readonly [first: number, last: number, names: string])[] = [
  [0, 7, 'macpath macurl2path'],
  [0, 8, '_dummy_thread dummy_threading'],
  [0, 9, '_bootlocale formatter parser symbol'],
  [0, 10, 'binhex'],
  [0, 11, '_sha256 _sha512 asynchat asyncore distutils imp smtpd'],
  [
    0,
    12,
    `_crypt _msi aifc audioop cgi cgitb chunk crypt imghdr lib2to3 mailcap msilib nis nntplib ossaudiodev pipes sndhdr spwd
    sunau telnetlib uu xdrlib`,
  ],
  [0, 13, '_compression'],
  [7, Infinity, '_abc _contextvars _hashlib _py_abc _queue _uuid contextvars dataclasses'],
  [8, 12, '_xxsubinterpreters'],
  [8, Infinity, '_posixshmem _statistics'],
  [9, 9, '_peg_parser'],
  [9, 11, '_bootsubprocess'],
  [9, Infinity, '_aix_support _zoneinfo graphlib zoneinfo'],
  [11, Infinity, '_tokenize _typing tomllib'],
  [12, 12, '_xxinterpchannels'],
  [12, Infinity, '_pydatetime _pylong _sha2'],
  [
    13,
    Infinity,
    `_android_support _colorize _interpchannels _interpqueues _interpreters _ios_support _opcode_metadata _pyrepl
    _suggestions _sysconfig _wmi`,
  ],
  [
    14,
    Infinity,
    '_apple_support _ast_unparse _hmac _py_warnings _remote_debugging _types _zstd annotationlib compression',
  ],
];

/** Compiled into every Python 2.7, whoever built it. */
export const COMPILED_IN_2 = `
  __builtin__ __main__ _ast _codecs _sre _symtable _warnings _weakref errno exceptions gc imp marshal posix pwd signal sys
  thread zipimport
`;

/** Compiled into every Python 3, or frozen and needed before there is a path: the part of Modules/Setup that is always there. */
export const COMPILED_IN_3 = `
  __main__ _ast _codecs _collections _frozen_importlib _frozen_importlib_external _functools _imp _io _locale _operator
  _signal _sre _stat _string _symtable _thread _tracemalloc _warnings _weakref atexit builtins errno faulthandler gc
  itertools marshal posix pwd sys time zipimport
`;

/** Parts of the library that nothing else imports: its own tests, and the editor with its demonstrations. */
export const SPARE = 'idlelib test turtledemo';
