import { contain, empty, equal, having, match, oneOf, succeed } from "../harness/model/matcher.ts";
import { phase } from "../harness/model/phase.ts";
import { file, lines, sh, tcp } from "../harness/model/probe.ts";
import { quote } from "../harness/model/render.ts";
import { select } from "../harness/model/site.ts";

/** What a private key looks like in a file that should not have one. */
const privateKeys = "AGE-SECRET-KEY-1[0-9A-Z]{20}|BEGIN [A-Z ]*PRIVATE KEY|PVEAPIToken=[^ ]+=[0-9a-f]{8}-[0-9a-f]{4}";

const firstLine = (text: string) => text.split("\n")[0];

export default phase({
  title: "The runner has what it needs, and the site's files are sound",
  asserts: {
    "ansible-installed": {
      title: "Ansible is the pinned version",
      severity: "critical",
      why: "Another Ansible may read the roles differently or lack the modules that they use.",
      verify: sh("ansible-playbook --version").map(firstLine).should(contain("[core 2.18.19]")),
      remedy: "Run `deno task up`, which installs it into the cache; it needs python3 with its venv module.",
    },
    "proxmoxer-installed": {
      title: "Ansible's Python has the Proxmox client",
      severity: "critical",
      why: "Without it every Proxmox module ends with an import error in the middle of a deployment.",
      verify: sh("python3 -c 'import proxmoxer, requests; print(proxmoxer.__version__)'").should(equal("2.3.0")),
      remedy: "Run `deno task up`, which installs it into the cache.",
    },
    "sops-installed": {
      title: "SOPS is the pinned version",
      severity: "critical",
      why: "The site's secrets cannot be decrypted without it.",
      verify: sh("sops --version --disable-version-check").map(firstLine).should(contain("3.11.0")),
      remedy: "Run `deno task up`, which installs it into the cache.",
    },
    "kubectl-installed": {
      title: "kubectl is the pinned version",
      severity: "critical",
      why: "Exercises, what is collected of failures, and the commands that you are told to type all need it.",
      verify: sh("kubectl version --client").map(firstLine).should(contain("v1.36.4")),
      remedy: "Run `deno task up`, which installs it into the cache.",
    },
    "ssh-client": {
      title: "An OpenSSH client is there for Ansible",
      severity: "critical",
      why: "Ansible reaches every host through it.",
      verify: sh("ssh -V 2>&1").should(match(/^OpenSSH_(8\.[5-9]|9|1\d)/, "OpenSSH 8.5 or newer")),
      remedy: "Install the package openssh-client.",
    },
    "site-file-guarded": {
      title: "Only its owner can change the site file",
      severity: "major",
      why: "Whoever writes it decides what Plumb deploys as root on every host.",
      verify: (site) =>
        file(site.path).should(
          having({ type: equal("regular file"), mode: match(/[0145][0145]$/, "without write for others") }),
        ),
      remedy: "chmod go-w the file, then read its last changes.",
    },
    "age-key-private": {
      title: "Only its owner can read the age key",
      severity: "critical",
      why: "Whoever reads it can decrypt every secret of the site, past ones in git history included.",
      verify: (site) => file(site.secrets.age_key).should(having({ mode: oneOf("600", "400") })),
      remedy: "chmod 600 the key; if others could have read it, make a new one, re-encrypt and rotate the secrets.",
    },
    "secrets-decrypt": {
      title: "The secrets file decrypts with the site's age key",
      severity: "critical",
      why: "Every deployment needs a secret sooner or later; better to learn it before the first one.",
      needs: ["sops-installed"],
      verify: (site) =>
        sh(
          `SOPS_AGE_KEY_FILE=${quote(site.secrets.age_key)} sops decrypt ${quote(site.secrets.file)} >/dev/null`,
        ).should(succeed()),
      remedy: "Put back the age key that the file was encrypted for; it belongs in a password manager as well.",
    },
    "ssh-key-private": {
      title: "Only its owner can read the SSH key",
      severity: "critical",
      why: "It opens every host as a user who may become root.",
      verify: (site) => file(site.ssh.key).should(having({ mode: oneOf("600", "400") })),
      remedy: "chmod 600 the key; if others could have read it, replace it on every host.",
    },
    "no-leaked-secrets": {
      title: "No private key or token lies in clear among the project's files",
      severity: "critical",
      why: "What is committed once stays in every clone; the only cure is to rotate it.",
      verify: lines(
        `git grep -lIE --untracked '${privateKeys}' -- ':!specs/preflight.ts' ':!*_test.ts' || test $? -eq 1`,
      )
        .should(empty()),
      remedy: "Take the secret out of the file, rotate it, and put the new one into the site's secrets file.",
    },
    "inventory-current": {
      title: "The Ansible inventory is the one that the site file stands for",
      severity: "critical",
      why: "Ansible would deploy to hosts and addresses of an earlier day.",
      verify: (site) =>
        sh(`sha256sum < ${quote(site.inventory.path)} | cut -d' ' -f1`).should(equal(site.inventory.sha256)),
      remedy: "Run `deno task up --phase preflight`, which writes it again; never edit it by hand.",
    },
    "playbooks-parse": {
      title: "The playbooks pass Ansible's syntax check",
      severity: "critical",
      why: "A playbook that does not parse fails in the middle of a deployment.",
      needs: ["ansible-installed", "inventory-current"],
      verify: (site) =>
        sh(
          `ANSIBLE_CONFIG=ansible/ansible.cfg ansible-playbook --syntax-check --inventory ${
            quote(site.inventory.path)
          } ansible/all.yml`,
          { timeoutMs: 60_000 },
        ).should(succeed()),
      remedy: "Mend the file and line that the command names, or put back the version that git has.",
    },
    "runner-online": {
      title: "The runner reaches the gateway across the internet",
      severity: "critical",
      why: "From here nothing on the gateway can be seen or mended; a nightly check would be blind.",
      verify: (site) => {
        const [gateway] = select(site, "gateway");
        return tcp(gateway.address, site.ssh.port).should(having({ open: equal(true) }));
      },
      remedy: "See that this machine is online, that the VPS is up at its provider, and that its firewall lets SSH in.",
    },
    "given-hosts-answer": {
      title: "The host answers SSH with its pinned key",
      severity: "critical",
      why: "It can neither be looked at nor deployed to; with another key somebody else may be answering.",
      on: "given",
      needs: ["ssh-key-private", "runner-online"],
      verify: sh("true").should(succeed()),
      remedy: "Try the command by hand. A changed key is only to be pinned after comparing it on the host's console.",
    },
  },
});
