import type { Explanation } from "../../../ssh/detached-run";

/** Faults of kk and its surroundings that have been seen before, the most telling first. */
const KNOWN: readonly (readonly [RegExp, string, string])[] = [
  [
    /no space left on device/i,
    "a disk is full",
    "free space on the host that the line names (df -h); the artifact needs about three times its size on the installer",
  ],
  [
    /sitewright: stopped: took longer/,
    "it was stopped because it took too long",
    "look in the log for the task it was busy with, and at that host's load and disk",
  ],
  [
    /sitewright: stopped: printed more/,
    "it was stopped because it printed without end, as kk does when it waits for an answer",
    "look at the end of the log for a question",
  ],
  [
    /Failed to download|curl: \(\d+\)/i,
    "the artifact lacks a file that this kk wants, so it tried the Internet",
    "build the bundle again with the very kk that the site pins",
  ],
  [
    /x509: certificate signed by unknown authority/i,
    "a host does not trust the registry's certificate",
    "run the deployment again: it puts the registry's CA on every host; if it stays, compare /etc/docker/certs.d there",
  ],
  [
    // Harbor also says "unauthorized: project x not found".
    /unauthorized:(?! project)|401 Unauthorized/i,
    "the registry refused the password",
    "check the registry's password; Harbor keeps the one that it was installed with",
  ],
  [
    /get manifest list failed by module cache|copy image .* failed/i,
    "images could not be pushed; kk hides the first reason further up",
    "look for 'copy image' further up in the log: a missing Harbor project or a full disk",
  ],
  [
    /project .* not found|name unknown|404 .*manifest/i,
    "the registry has no such project or image",
    "check that the bundle holds this image and that its project exists in Harbor",
  ],
  [
    /Sorry, try again|incorrect password attempt/i,
    "sudo on a host refused the password",
    "give the login a password secret, or NOPASSWD in sudoers",
  ],
  [
    /unable to authenticate|ssh: handshake failed/i,
    "kk could not log in to a host from the installer",
    "check that the host accepts the site's login from the installer (PasswordAuthentication, AllowUsers)",
  ],
  [
    /dial tcp \S+ .*(timed? ?out|no route to host|connection refused)|i\/o timeout/i,
    "the installer could not reach a host or the API server",
    "check the network between the installer and the address in the line (ports 22, 2379, 2380, 6443)",
  ],
  [
    /etcd health check failed|context deadline exceeded.*2379|Get cluster health/i,
    "etcd members do not reach each other",
    "check ports 2379 and 2380, the clocks, and leftovers of an earlier try (/etc/etcd.env, /var/lib/etcd)",
  ],
  [
    /(conntrack|socat|sudo|ebtables|ipset)\S* is required/i,
    "a host lacks a package",
    "the artifact needs the package ISO of this host's operating system, named by its os-release ID and VERSION_ID",
  ],
  [
    /\.iso: no such file|repository\/\S+\.iso/i,
    "the artifact holds no packages for a host's operating system",
    "build the bundle with the ISO that fits ID and VERSION_ID in that host's /etc/os-release",
  ],
  [
    /exec format error/i,
    "binaries are of another architecture than the host",
    "set arch of the host in the site, and build the bundle for it",
  ],
  [
    /kubeadm reset|\[ERROR (Port|FileAvailable|DirAvailable)|already exists.*kubelet\.conf/i,
    "a host carries leftovers of an earlier try",
    "compare /etc/kubernetes on the control planes; clean the host, or delete the cluster and start over",
  ],
  [
    /the haproxy and the controlPlaneEndpoint|can not be set at the same time/i,
    "the endpoint has both haproxy and an address",
    "remove the address from the site's endpoint",
  ],
  [
    /kubelet .*(not active|version).*|precheck.*failed/i,
    "a host was left half done by an earlier run",
    "remove that node first, then run again",
  ],
  [
    /^panic:/,
    "kk itself crashed",
    "keep the log; compare the config with the one of a site that works",
  ],
];

/** The first known fault that the lines show. */
export function explainFailure(lines: readonly string[]): Explanation | undefined {
  for (const [pattern, cause, nextStep] of KNOWN) {
    if (lines.some((line) => pattern.test(line))) return { cause, nextStep };
  }
  return undefined;
}
