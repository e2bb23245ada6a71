import { describeCases } from "../support/cross-check-cases";

describeCases("the certificates", [
  {
    title: "a renewal before the certificate is made",
    spoil: (site) => {
      site.certificates = { lifetime: { days: 30, renewBeforeDays: 30 } };
    },
    problems: [
      "certificates.lifetime.renewBeforeDays: fewer than the 30 days that the certificate lasts",
    ],
  },
  {
    title: "certificates that outlive their authority",
    spoil: (site) => {
      site.certificates = { lifetime: { days: 500, renewBeforeDays: 30 } };
    },
    problems: [
      "certificates.authorityLifetime.renewBeforeDays: at least the 500 days that what it signs last",
    ],
  },
  {
    title: "a given authority whose secrets the stack does not have",
    spoil: (site) => {
      site.certificates = { authority: { certificateSecret: "caCertificate", keySecret: "caKey" } };
    },
    problems: [
      "certificates.authority.certificateSecret: an entry of sitewright:secrets",
      "certificates.authority.keySecret: an entry of sitewright:secrets",
    ],
  },
  {
    title: "a key in place of its secret's name, without showing it",
    spoil: (site) => {
      site.certificates = {
        authority: { certificateSecret: "caCertificate", keySecret: "-----BEGIN PRIVATE KEY-----" },
      };
    },
    problems: ["certificates.authority.keySecret: the name of an entry in sitewright:secrets"],
  },
]);
