import { setTimeout as pause } from "node:timers/promises";
import { type Finding, parseFindings } from "../../components/hosts/findings";
import { preflightScript, probeTimeoutSeconds } from "../../components/hosts/preflight-script";
import type { PreflightCheck } from "../../site/blueprint-types";
import { connect } from "../../ssh/connection";
import { isPassing, SshError } from "../../ssh/ssh-error";
import { describeHost, type SshTarget } from "../../ssh/target";
import { inParallel } from "../parallel";

/** A host to look at, and what to look for. */
export interface HostToLookAt {
  readonly target: SshTarget;
  readonly checks: readonly PreflightCheck[];
}

/** What came of one host: its findings, or why there are none. */
export interface HostReport {
  readonly name: string;
  readonly address: string;
  readonly findings: readonly Finding[];
  readonly problem?: SshError;
}

/** sshd turns away logins above ten that have not been let in yet, and a bastion sees those of all hosts. */
const atOnce = 8;

/**
 * Looks at all hosts at the same time and never fails: what goes wrong with one host is its report. A login that the bastion
 * refuses is tried once and not once for each host, because accounts get locked.
 */
export async function lookAtHosts(
  hosts: readonly HostToLookAt[],
  done: (name: string) => void,
): Promise<readonly HostReport[]> {
  const [first, ...rest] = hosts;
  if (first === undefined) return [];
  const look = async (host: HostToLookAt) => {
    const report = await lookAtHost(host);
    done(report.name);
    return report;
  };
  const bastion = first.target.bastion;
  if (bastion === undefined) return inParallel(hosts, atOnce, look);
  const opening = await look(first);
  if (opening.problem?.host === describeHost(bastion) && !isPassing(opening.problem)) {
    const { problem } = opening;
    return [opening, ...rest.map(({ target }) => ({ ...emptyReport(target), problem }))];
  }
  return [opening, ...(await inParallel(rest, atOnce, look))];
}

async function lookAtHost(host: HostToLookAt): Promise<HostReport> {
  const { target } = host;
  try {
    return { ...emptyReport(target), findings: await ask(host) };
  } catch (error) {
    if (!(error instanceof SshError)) throw error;
    return { ...emptyReport(target), problem: error };
  }
}

function emptyReport({ name, address }: SshTarget): HostReport {
  return { name, address, findings: [] };
}

async function ask({ target, checks }: HostToLookAt): Promise<readonly Finding[]> {
  const connection = await connect(target).catch(async (error: unknown) => {
    if (!isPassing(error) || error.kind === "timeout") throw error;
    // A busy sshd drops connections by chance; a second try is cheap, and the host was not asked for a password yet.
    await pause(1000);
    return connect(target);
  });
  try {
    const script = preflightScript({
      site: target.site,
      host: target.name,
      checks,
      nowSeconds: Date.now() / 1000,
    });
    const { stdout, stderr } = await connection.exec("sh -s report", {
      stdin: script,
      sudo: true,
      timeoutSeconds: 60 + 2 * probeTimeoutSeconds,
    });
    const findings = parseFindings(target.name, checks, stdout);
    if (findings.every(({ given }) => given === "no answer")) {
      throw new SshError(
        "command-failed",
        describeHost(target),
        `${describeHost(target)} did not answer any check: ${stderr.trim().slice(0, 300) || "it printed nothing"}`,
        "log in there by hand and run: sudo sh -c 'id -u'",
      );
    }
    return findings;
  } finally {
    connection.close();
  }
}
