import type { RequirementSet } from './requirement-set.ts';

/**
 * What data scientists and old clusters ask for, chosen for what makes the answer differ from Python to Python: backports behind
 * markers, extras, wheels that ended years ago, pins, pre-releases, constraints.
 */
export const REQUIREMENT_SETS: readonly RequirementSet[] = [
  { name: 'click', requirements: ['click', 'importlib-metadata'] },
  { name: 'flask', requirements: ['flask', 'flask-cors'] },
  {
    name: 'flask-pinned',
    requirements: ['Flask==1.0.2', 'Werkzeug<1', 'Jinja2<3', 'MarkupSafe<3.1', 'itsdangerous<2'],
  },
  { name: 'requests', requirements: ['requests[security,socks]'] },
  { name: 'dates', requirements: ['python-dateutil', 'pytz~=2020.1', 'PyYAML!=5.4,<7', 'six>=1.10,!=1.16.0'] },
  {
    name: 'markers',
    requirements: [
      'six; implementation_name == "cpython" or python_version < "3"',
      'attrs; python_full_version >= "3.6.2"',
      'idna; platform_machine == "x86_64" and sys_platform != "win32"',
      'colorama; os_name == "nt"',
      'enum34; python_version < "3.4"',
      'dataclasses; python_version == "3.6"',
      'zipp; platform_python_implementation == "CPython" and "linux" in sys_platform',
      'decorator<5; sys_platform == "linux2"',
    ],
  },
  { name: 'coverage', requirements: ['coverage[toml]'] },
  { name: 'jsonschema', requirements: ['jsonschema'] },
  { name: 'ruamel', requirements: ['ruamel.yaml<0.19'] },
  { name: 'setuptools', requirements: ['setuptools', 'pip', 'wheel'] },
  {
    name: 'constraints',
    requirements: ['flask', 'requests'],
    constraints: ['werkzeug<2.1', 'urllib3<1.27', 'MarkupSafe<3.1', 'zipp<3.7', 'certifi!=2022.5.18', 'numpy==1.0'],
  },
  { name: 'pre-releases', requirements: ['--pre', 'click<8.1', 'attrs', 'MarkupSafe<3.1'] },
  {
    name: 'pre-release-pin',
    requirements: [
      'black==21.12b0; python_version >= "3"',
      'click<8.1',
      'Flask>=2.0.0rc1; python_version >= "3.6"',
      'pip==20.3b1; python_version < "3"',
    ],
  },
  { name: 'boto3', requirements: ['boto3', 's3transfer'] },
  { name: 'sqlalchemy', requirements: ['sqlalchemy[asyncio]; python_version >= "3"', 'alembic'] },
  { name: 'pydantic', requirements: ['pydantic; python_version >= "3"', 'typing-extensions'] },
  { name: 'black', requirements: ['black; python_version >= "3"', 'isort', 'toml'] },
  { name: 'pytest', requirements: ['pytest; python_version >= "3"', 'pytest-cov; python_version >= "3"', 'mock'] },
  { name: 'jupyter', requirements: ['ipykernel; python_version >= "3"', 'traitlets', 'nbformat'] },
  { name: 'celery', requirements: ['celery[redis]; python_version >= "3"', 'redis'] },
  { name: 'legacy-metadata', requirements: ['celery<5', 'omegaconf==2.0.6; python_version >= "3"'] },
  { name: 'sphinx', requirements: ['sphinx'] },
  { name: 'paramiko', requirements: ['paramiko'] },
  {
    name: 'aiohttp',
    requirements: ['aiohttp; python_version >= "3"', 'futures; python_version < "3"', 'tornado; python_version >= "3"'],
  },
  { name: 'azure', requirements: ['azure-storage-blob', 'azure-identity'] },
  { name: 'google', requirements: ['google-cloud-storage', 'protobuf<5'] },
  { name: 'grpc', requirements: ['grpcio', 'googleapis-common-protos', 'protobuf'] },
  { name: 'pandas', requirements: ['pandas', 'scikit-learn'] },
  { name: 'matplotlib', requirements: ['matplotlib', 'seaborn'] },
];
