/**
 * Text of /proc/cpuinfo for a host with the given number of processors: this machine's first
 * processor, repeated.
 * @param machine text of this machine's /proc/cpuinfo.
 */
export function cpuinfoFile(machine: string, cpus: number): string {
  const own = machine.split(/\n\s*\n/).find((block) => /^processor\s*:/m.test(block));
  const block = own ?? "processor\t: 0\nmodel name\t: simulated";
  const blocks = Array.from({ length: cpus }, (_, index) =>
    block
      .replace(/^(processor\s*:).*$/m, `$1 ${index}`)
      .replace(/^((?:core id|apicid|initial apicid)\s*:).*$/gm, `$1 ${index}`)
      .replace(/^((?:siblings|cpu cores)\s*:).*$/gm, `$1 ${cpus}`)
      .trim(),
  );
  return `${blocks.join("\n\n")}\n\n`;
}

/**
 * Text of /proc/meminfo for a quiet host with that much memory and no swap. It does not change with
 * use.
 */
export function meminfoFile(memoryGiB: number): string {
  const total = Math.round(memoryGiB * 1024 * 1024);
  const cached = Math.round(total * 0.05);
  const free = Math.round(total * 0.9);
  const rows: Readonly<Record<string, number>> = {
    MemTotal: total,
    MemFree: free,
    MemAvailable: free + cached,
    Buffers: 0,
    Cached: cached,
    SwapCached: 0,
    Active: cached,
    Inactive: 0,
    SwapTotal: 0,
    SwapFree: 0,
    Dirty: 0,
    Shmem: 0,
    Slab: 0,
    SReclaimable: 0,
    SUnreclaim: 0,
    HugePages_Total: 0,
    HugePages_Free: 0,
    Hugepagesize: 2048,
  };
  return Object.entries(rows)
    .map(([name, value]) => {
      const unit = name.startsWith("HugePages_") ? "" : " kB";
      return `${`${name}:`.padEnd(16)}${String(value).padStart(12)}${unit}\n`;
    })
    .join("");
}

/** Text of /proc/swaps: a heading, and no swap. */
export const swapsFile = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";

/** Text of /sys/devices/system/cpu/online. */
export function onlineFile(cpus: number): string {
  return cpus === 1 ? "0\n" : `0-${cpus - 1}\n`;
}

/**
 * A `nproc` that tells the host's processors. The real one asks the scheduler, which knows only
 * this machine's; it still answers whoever gives it options.
 */
export function nprocScript(cpus: number): string {
  return [
    "#!/bin/sh",
    "# This host is simulated: its processors are a number in the site's configuration.",
    'case "$*" in',
    `  "" | --all) echo ${cpus} ;;`,
    '  *) exec /usr/bin/nproc "$@" ;;',
    "esac",
    "",
  ].join("\n");
}
