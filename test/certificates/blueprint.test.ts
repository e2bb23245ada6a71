import assert from "node:assert/strict";
import { certificateDates } from "../../site/outputs";
import { blueprintWith, roomySite, withEdge } from "../support/platform-site";

type AnySite = ReturnType<typeof roomySite>;

const certificatesOf = (change: (site: AnySite) => void = () => {}) => {
  const site = roomySite();
  site.certificates = {};
  change(site);
  const blueprint = blueprintWith(site);
  const { certificates } = blueprint.platform;
  if (certificates === undefined) throw new Error("no certificates");
  return { blueprint, certificates };
};

describe("The certificates of a site", () => {
  it("come from an authority of its own, which keeps its key for those who trust it", () => {
    const { authority } = certificatesOf().certificates;
    assert.equal(authority.kind, "generated");
    if (authority.kind !== "generated") return;
    const { commonName, days, renewBeforeDays, rotation } = authority.certificate;
    assert.deepEqual(
      { commonName, days, renewBeforeDays, rotation },
      { commonName: "site-t authority", days: 3650, renewBeforeDays: 365, rotation: "Never" },
    );
  });

  it("come from a given authority, which appears by the names of its secrets only", () => {
    const site = roomySite();
    site.certificates = {
      authority: { certificateSecret: "sshPassword", keySecret: "sshPassword" },
    };
    const { authority, issuer } = blueprintWith(site).platform.certificates ?? {};
    assert.deepEqual(authority, {
      kind: "given",
      certificateSecret: "sshPassword",
      keySecret: "sshPassword",
    });
    assert.equal(issuer, "site-authority");
  });

  it("are none of its own where nobody has names", () => {
    assert.deepEqual(certificatesOf().certificates.issued, []);
  });

  const cases: readonly {
    readonly title: string;
    readonly change: (site: AnySite) => void;
    readonly namespaces: readonly string[];
    readonly names: readonly string[];
  }[] = [
    {
      title: "serve the standby, which has a Secret of its own",
      change: (site) => {
        site.ingress = { domain: "apps.site-t.example" };
      },
      namespaces: ["traefik"],
      names: ["*.apps.site-t.example", "apps.site-t.example"],
    },
    {
      title: "serve gateway and standby alike",
      change: (site) => {
        site.mesh = {};
        site.ingress = { domain: "apps.site-t.example", httpsRedirect: false };
      },
      namespaces: ["istio-ingress", "traefik"],
      names: ["*.apps.site-t.example", "apps.site-t.example"],
    },
    {
      title: "name hosts elsewhere, and those too deep for the wildcard, one by one",
      change: (site) => {
        site.ingress = { domain: "apps.site-t.example" };
        site.workloads.web.expose = {
          http: { hosts: ["www", "www.customer.example", "a.b.apps.site-t.example"] },
        };
      },
      namespaces: ["traefik"],
      names: [
        "*.apps.site-t.example",
        "apps.site-t.example",
        "a.b.apps.site-t.example",
        "www.customer.example",
      ],
    },
    {
      title: "hold the address with nip.io",
      change: (site) => {
        withEdge(site);
        site.ingress = { nipIo: true };
      },
      namespaces: ["traefik"],
      names: ["*.parcels.192.0.2.40.nip.io", "parcels.192.0.2.40.nip.io"],
    },
  ];
  for (const { title, change, namespaces, names } of cases) {
    it(title, () => {
      const { issued } = certificatesOf(change).certificates;
      assert.deepEqual(
        issued.map(({ namespace }) => namespace),
        namespaces,
      );
      for (const { dnsNames, rotation } of issued) {
        assert.deepEqual(dnsNames, names);
        assert.equal(rotation, "Always");
      }
    });
  }

  it("are told with their days as an output of the stack", () => {
    const { blueprint } = certificatesOf((site) => {
      site.ingress = { domain: "apps.site-t.example" };
      site.certificates = { lifetime: { days: 60, renewBeforeDays: 20 } };
    });
    assert.deepEqual(certificateDates(blueprint), {
      "cert-manager/site-authority": { names: [], days: 3650, renewedDaysBeforeEnd: 365 },
      "traefik/site-wildcard": {
        names: ["*.apps.site-t.example", "apps.site-t.example"],
        days: 60,
        renewedDaysBeforeEnd: 20,
      },
    });
  });
});
