import { isIP } from "node:net";
import { quoted } from "../engine/shell-text";

/** A certificate to be made by an authority that stands beside it. */
export interface Leaf {
  /** Path of the authority without `.crt` or the suffixes below. */
  readonly authority: string;
  /** Path of the certificate without suffix. */
  readonly path: string;
  readonly commonName: string;
  readonly organization?: string;
  readonly server: boolean;
  readonly client: boolean;
  /** Names and addresses it is valid for. */
  readonly names: readonly string[];
}

/** How files are named: kubeadm writes `x.crt`, `x.key`; kk writes `x.pem`, `x-key.pem`. */
export interface Suffixes {
  readonly certificate: string;
  readonly key: string;
}

export const kubeadmSuffixes: Suffixes = { certificate: ".crt", key: ".key" };
export const kubekeySuffixes: Suffixes = { certificate: ".pem", key: "-key.pem" };

const functions = (suffixes: Suffixes) => `umask 077
certificate() { # path, subject, extensions, then more flags
  mkdir -p "$(dirname "$1")"
  printf '[req]\\ndistinguished_name=dn\\nx509_extensions=x\\nprompt=no\\n[dn]\\nCN=unused\\n[x]\\nsubjectKeyIdentifier=hash\\n%b' "$3" > "$1.cnf"
  path=$1 subject=$2
  shift 3
  openssl req -x509 -config "$path.cnf" -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -sha256 -nodes \\
    -subj "$subject" -keyout "$path${suffixes.key}.part" -out "$path${suffixes.certificate}.part" "$@" 2> "$path.err" ||
    { cat "$path.err" >&2; exit 1; }
  mv -f "$path${suffixes.key}.part" "$path${suffixes.key}"
  mv -f "$path${suffixes.certificate}.part" "$path${suffixes.certificate}"
  chmod 644 "$path${suffixes.certificate}"
  rm -f "$path.cnf" "$path.err"
}
authority() { # path, common name
  [ -s "$1${suffixes.certificate}" ] && [ -s "$1${suffixes.key}" ] && return 0
  certificate "$1" "/CN=$2" 'basicConstraints=critical,CA:TRUE\\nkeyUsage=critical,digitalSignature,keyCertSign,cRLSign\\n' -days 3650
}
leaf() { # authority, path, subject, usage, names
  [ -s "$2${suffixes.certificate}" ] && [ -s "$2${suffixes.key}" ] && return 0
  names=
  [ -z "$5" ] || names="subjectAltName=$5\\n"
  certificate "$2" "$3" "basicConstraints=critical,CA:FALSE\\nkeyUsage=critical,digitalSignature,keyEncipherment\\nextendedKeyUsage=$4\\n$names" \\
    -days 365 -CA "$1${suffixes.certificate}" -CAkey "$1${suffixes.key}"
}
`;

/** `subjectAltName` of these names and addresses, each once. */
export function alternativeNames(names: readonly string[]): string {
  return [...new Set(names)].map((name) => `${isIP(name) === 0 ? "DNS" : "IP"}:${name}`).join(",");
}

/** Shell lines that make the authorities and certificates that are not there yet. Needs openssl 3. */
export function certificatesScript(
  suffixes: Suffixes,
  authorities: readonly { readonly path: string; readonly commonName: string }[],
  leaves: readonly Leaf[],
): string {
  const lines = [
    ...authorities.map(({ path, commonName }) => `authority ${quoted(path)} ${quoted(commonName)}`),
    ...leaves.map((leaf) => {
      const organization = leaf.organization === undefined ? "" : `/O=${leaf.organization}`;
      const usage = [
        ...(leaf.server ? ["serverAuth"] : []),
        ...(leaf.client ? ["clientAuth"] : []),
      ];
      return [
        "leaf",
        quoted(leaf.authority),
        quoted(leaf.path),
        quoted(`${organization}/CN=${leaf.commonName}`),
        usage.join(","),
        quoted(alternativeNames(leaf.names)),
      ].join(" ");
    }),
  ];
  return `${functions(suffixes)}${lines.join("\n")}\n`;
}
