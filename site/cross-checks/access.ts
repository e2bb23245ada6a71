import type { CrossCheck } from "../check-input";
import { hostLogin } from "../logins";
import { type Path, valueAt } from "../path";
import { siteProblem } from "../problems";
import { missingSecrets } from "./stack-secrets";

/** Every login has something to log in with, and becomes root. */
export const logins: CrossCheck = {
  reads: [["access"]],
  find: ({ hosts, site }) => {
    const { access } = site;
    const withoutSecret = [
      { login: access, path: ["access"] },
      ...(access.bastion === undefined
        ? []
        : [{ login: access.bastion, path: ["access", "bastion"] }]),
    ].filter(({ login }) => (login.passwordSecret ?? login.privateKeySecret) === undefined);
    const notRoot = hosts
      .map(({ host }) => hostLogin(site, host))
      .find(({ user, sudo }) => user !== "root" && sudo === "none");
    return [
      ...withoutSecret.map(({ path }) =>
        siteProblem(path, "passwordSecret or privateKeySecret", "neither", "name a secret"),
      ),
      ...(notRoot === undefined
        ? []
        : [
            siteProblem(
              ["access", "sudo"],
              `nopasswd or password, since user ${notRoot.user} is not root`,
              "none",
            ),
          ]),
      ...(access.sudo === "password" && access.passwordSecret === undefined
        ? [
            siteProblem(
              ["access", "passwordSecret"],
              "the secret with the password that sudo asks for",
              "nothing",
            ),
          ]
        : []),
    ];
  },
};

const secretPaths: readonly Path[] = [
  ["access", "passwordSecret"],
  ["access", "privateKeySecret"],
  ["access", "bastion", "passwordSecret"],
  ["access", "bastion", "privateKeySecret"],
  ["registry", "passwordSecret"],
  ["certificates", "authority", "certificateSecret"],
  ["certificates", "authority", "keySecret"],
  ["tenancy", "kubesphere", "adminPasswordSecret"],
];

/** Every secret that the site refers to is in the stack, where its names are known. */
export const secretsPresent: CrossCheck = {
  reads: [["access"], ["registry"]],
  find: (input) =>
    missingSecrets(
      input,
      secretPaths.flatMap((path) => {
        const secret = valueAt(input.site, path);
        return typeof secret === "string" ? [{ path, secret }] : [];
      }),
    ),
};
