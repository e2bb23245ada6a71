import { spawn } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { connect as dial } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { newEd25519Key } from "../../../rehearsal/hosts/ed25519-key";
import type { SshTarget } from "../../../ssh/target";
import { program } from "./programs";

/** A real OpenSSH server in its own mount and PID namespace, on a throw-away copy of this machine's files. */
export interface RealSshd {
  readonly port: number;
  /** Pinned keys of the server. */
  readonly hostKeys: readonly string[];
  /** A target that logs in as `deploy`, who needs a password for sudo. */
  readonly target: SshTarget;
  /** Ends every login session, as a cut cable would; the server stays. */
  cutSessions(): void;
  stop(): void;
}

/** Password of every user of the simulated host: odd characters, to show that quoting holds. */
export const PASSWORD = "s3cret 'quoted' $HOME";

const SETUP = `
set -eu
mount --make-rprivate /
mount -t tmpfs tmpfs "$TOP"
mkdir "$TOP/upper" "$TOP/work" "$TOP/root" "$TOP/layer"
# A copy: the kernel takes no layer that lies within the other, which is this machine's root.
cp -a "$LAYER/." "$TOP/layer/"
mount -t overlay overlay -o "lowerdir=$TOP/layer:/,upperdir=$TOP/upper,workdir=$TOP/work" "$TOP/root"
cd "$TOP/root"
mount -t proc proc proc
mount --rbind /dev dev
mount -t tmpfs tmpfs tmp
mount -t tmpfs tmpfs run
mkdir -p run/sshd run/lock small
mount -t tmpfs -o size=4m tmpfs small
chmod 1777 tmp small
# Bound in: what lies on another disk of this machine is not in the overlay.
[ -z "$KUBECTL" ] || { : > usr/local/bin/kubectl && mount --bind "$KUBECTL" usr/local/bin/kubectl; }
mkdir -p etc/ssh
cp "$KEYS/host_key" etc/ssh/sitewright_host_key
chmod 600 etc/ssh/sitewright_host_key
printf '%s' "$SCRIPT" > root/setup.sh
exec chroot . /bin/sh /root/setup.sh
`;

const INSIDE = `
set -eu
ldconfig
id sshd >/dev/null 2>&1 || useradd -r -d /run/sshd -s /usr/sbin/nologin sshd
for user in deploy free plain; do
  useradd -m -s /bin/bash "$user"
  printf '%s:%s\\n' "$user" "$PASSWORD" | chpasswd
done
chown root:root /usr/bin/sudo && chmod 4755 /usr/bin/sudo
mkdir -p /etc/sudoers.d
printf 'Defaults secure_path="/usr/sbin:/usr/bin:/sbin:/bin"\\nroot ALL=(ALL) ALL\\ndeploy ALL=(ALL) ALL\\nfree ALL=(ALL) NOPASSWD: ALL\\n' > /etc/sudoers
chmod 440 /etc/sudoers
mkdir -p /home/deploy/.ssh
cp /root/user_key.pub /home/deploy/.ssh/authorized_keys 2>/dev/null || true
chown -R deploy /home/deploy/.ssh
cat > /etc/ssh/sitewright_sshd_config <<END
Port $PORT
ListenAddress 127.0.0.1
HostKey /etc/ssh/sitewright_host_key
PasswordAuthentication yes
UsePAM no
AllowTcpForwarding yes
Subsystem sftp /usr/lib/openssh/sftp-server
MaxSessions 50
END
exec /usr/sbin/sshd -D -e -f /etc/ssh/sitewright_sshd_config
`;

/**
 * Fails with what this machine lacks for the server: a journey that cannot run is never taken for one that passed.
 * Returns the unpacked Debian packages, which bring sshd and sudo along.
 */
function requireSshd(): string {
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    throw new Error(
      "This journey runs a real sshd in its own namespaces: it needs Linux and root. Run it with ./sitewright test as root.",
    );
  }
  // A mount takes the folder itself, not a link to it.
  const layer = realpathSync(program("debian-layer"));
  for (const file of ["usr/sbin/sshd", "usr/bin/sudo", "usr/lib/openssh/sftp-server"]) {
    if (!existsSync(join(layer, file))) {
      throw new Error(
        `The unpacked Debian packages in ${layer} hold no ${file}. Delete that folder and run ./sitewright test, which unpacks them again.`,
      );
    }
  }
  return layer;
}

/** Starts a server and waits until it answers; `kubectl` is a program to be found there under that name. */
export async function startSshd(port: number, kubectl = ""): Promise<RealSshd> {
  const layer = requireSshd();
  const keys = mkdtempSync(join(tmpdir(), "sitewright-keys-"));
  const top = mkdtempSync(join(tmpdir(), "sitewright-sshd-"));
  const hostKey = newEd25519Key();
  writeFileSync(join(keys, "host_key"), hostKey.private, { mode: 0o600 });
  const hostKeys = [hostKey.public.trim()];
  const child = spawn(
    "unshare",
    ["--mount", "--pid", "--fork", "--kill-child", "/bin/sh", "-c", SETUP],
    {
      env: {
        PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        TOP: top,
        KEYS: keys,
        LAYER: layer,
        KUBECTL: kubectl,
        SCRIPT: INSIDE,
        PORT: String(port),
        PASSWORD,
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let said = "";
  const keep = (chunk: Buffer) => {
    said = (said + chunk.toString("utf8")).slice(-20_000);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const stop = () => {
    // Ending `unshare` ends the first process of its PID namespace, and with it everything inside.
    child.kill("SIGKILL");
    rmSync(keys, { recursive: true, force: true });
    rmSync(top, { recursive: true, force: true });
  };
  const deadline = Date.now() + 30_000;
  while (!(await answers(port))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      stop();
      throw new Error(`no sshd came up on port ${port}:\n${said}`);
    }
    await sleep(50);
  }
  return {
    port,
    hostKeys,
    target: {
      name: "host-1",
      site: "site-t",
      address: "127.0.0.1",
      port,
      user: "deploy",
      password: PASSWORD,
      sudo: "password",
      hostKeys,
      timeoutSeconds: 5,
    },
    cutSessions: () => {
      for (const pid of descendants(child.pid ?? -1)) {
        if (/^sshd: \w/.test(commandLine(pid))) process.kill(pid, "SIGKILL");
      }
    },
    stop,
  };
}

function descendants(root: number): number[] {
  const found: number[] = [];
  const visit = (pid: number) => {
    const path = `/proc/${pid}/task/${pid}/children`;
    if (!existsSync(path)) return;
    for (const child of readFileSync(path, "utf8").trim().split(/\s+/).filter(Boolean)) {
      found.push(Number(child));
      visit(Number(child));
    }
  };
  visit(root);
  return found;
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = dial({ host: "127.0.0.1", port });
    socket.once("data", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
    socket.once("close", () => resolve(false));
  });
}
