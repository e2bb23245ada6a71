import assert from "node:assert/strict";
import { repositoryAddress, repositoryIdentity } from "../../site/platform/delivery-repositories";

describe("Addresses of repositories", () => {
  const cases: readonly (readonly [url: string, address: object | undefined])[] = [
    [
      "https://git.example.com/team/configuration.git",
      { scheme: "https", host: "git.example.com", path: "team/configuration" },
    ],
    [
      "https://git.example.com:8443/a/",
      { scheme: "https", host: "git.example.com", port: 8443, path: "a" },
    ],
    ["ssh://git@git.example.com/a/b", { scheme: "ssh", host: "git.example.com", path: "a/b" }],
    ["git@Git.example.com:a/b.git", { scheme: "ssh", host: "git.example.com", path: "a/b" }],
    ["a/b", undefined],
    ["", undefined],
  ];
  for (const [url, address] of cases) {
    it(`are taken apart: ${url || "nothing"}`, () => {
      assert.deepEqual(repositoryAddress(url), address);
    });
  }

  it("mean one repository however they are written, and another one only with another path", () => {
    const same = [
      "https://git.example.com/team/Configuration.git",
      "https://user@git.example.com:443/team/configuration",
      "ssh://git@git.example.com:22/team/configuration.git/",
      "git@git.example.com:team/configuration.git",
    ];
    assert.equal(new Set(same.map(repositoryIdentity)).size, 1);
    assert.notEqual(
      repositoryIdentity("git@git.example.com:team/code"),
      repositoryIdentity("git@git.example.com:team/configuration"),
    );
  });
});
