import { PolicyPack } from "@pulumi/policy";

new PolicyPack("sitewright-journey", {
  policies: [
    {
      name: "every-resource-has-a-name",
      description: "Every resource of a site has a name.",
      enforcementLevel: "mandatory",
      validateResource: (resource, reportViolation) => {
        if (resource.name === "") reportViolation("the resource has no name");
      },
    },
  ],
});
