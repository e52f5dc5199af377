import type { Properties } from './configuration.ts';

export interface ResourceManagerPorts {
  readonly client: number;
  readonly scheduler: number;
  readonly tracker: number;
  readonly admin: number;
  readonly http: number;
}

export function resourceManagerSite(ports: ResourceManagerPorts): Properties {
  return {
    'yarn.resourcemanager.hostname': 'localhost',
    'yarn.resourcemanager.bind-host': '127.0.0.1',
    'yarn.resourcemanager.address': `localhost:${ports.client}`,
    'yarn.resourcemanager.scheduler.address': `localhost:${ports.scheduler}`,
    'yarn.resourcemanager.resource-tracker.address': `localhost:${ports.tracker}`,
    'yarn.resourcemanager.admin.address': `localhost:${ports.admin}`,
    'yarn.resourcemanager.webapp.address': `localhost:${ports.http}`,
    // The scheduler that needs no file of queues.
    'yarn.resourcemanager.scheduler.class':
      'org.apache.hadoop.yarn.server.resourcemanager.scheduler.fifo.FifoScheduler',
    'yarn.resourcemanager.am.max-attempts': '1',
    'yarn.scheduler.minimum-allocation-mb': '256',
    // A container starts with the next heartbeat.
    'yarn.resourcemanager.nodemanagers.heartbeat-interval-ms': '100',
    'yarn.timeline-service.enabled': 'false',
  };
}

/** @param directory of this node: its containers' directories are `local`, what they write is in `logs` */
export function nodeManagerSite(ports: readonly [number, number, number], directory: string): Properties {
  const [address, localizer, http] = ports;
  return {
    'yarn.nodemanager.hostname': 'localhost',
    'yarn.nodemanager.bind-host': '127.0.0.1',
    'yarn.nodemanager.address': `localhost:${address}`,
    'yarn.nodemanager.localizer.address': `localhost:${localizer}`,
    'yarn.nodemanager.webapp.address': `localhost:${http}`,
    'yarn.nodemanager.local-dirs': `${directory}/local`,
    'yarn.nodemanager.log-dirs': `${directory}/logs`,
    'yarn.nodemanager.resource.memory-mb': '8192',
    'yarn.nodemanager.resource.cpu-vcores': '8',
    'yarn.nodemanager.vmem-check-enabled': 'false',
    'yarn.nodemanager.pmem-check-enabled': 'false',
    'yarn.nodemanager.disk-health-checker.enable': 'false',
    // A container has no LANG, as on most clusters.
    'yarn.nodemanager.env-whitelist': 'PATH',
  };
}
