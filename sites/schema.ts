import { z } from "zod";

// Each schema says in words what is wanted: the site loader puts these words into its messages.
// `words` serve for a value that is no string as well as for one that does not fit.
const like = (pattern: RegExp, words: string) => z.string(words).regex(pattern, words);
const name = like(/^[a-z][a-z0-9-]*$/, "lower-case letters, digits and hyphens, starting with a letter");
const address = z.ipv4("an IPv4 address");
const cidr = z.cidrv4("an IPv4 network such as 192.0.2.0/24");
const port = z.int("a port number").min(1).max(65_535);
const pathWords = "a file's path";
const path = z.string(pathWords).min(1, pathWords);
const url = z.url("a URL such as https://example.org/image.qcow2");
const hostname = z.hostname("a domain name such as home.example");

/** The roles that a host can have; each is also an Ansible inventory group. */
export const roles = ["hypervisor", "gateway", "kube_control_plane", "kube_node", "etcd"] as const;
/** One of {@linkcode roles}. */
export type RoleName = (typeof roles)[number];

const vm = z.strictObject({
  /** Proxmox's number of the VM. */
  id: z.int().min(100).max(999_999_999),
  cores: z.int().min(1).max(128),
  /** MiB. */
  memory: z.int().min(512),
  /** GiB. */
  disk: z.int().min(1),
  /** `full` copies the template's disk; `linked` shares it. */
  clone: z.enum(["full", "linked"]).default("full"),
});

const host = z.strictObject({
  roles: z.array(z.enum(roles)).min(1),
  address,
  /** Overrides `ssh.user`. */
  user: name.optional(),
  /** Its address inside the VPN. */
  tunnel: address.optional(),
  vm: vm.optional(),
  /** Ports that may be reached from the internet, such as `22/tcp`; only read for the gateway. */
  open_ports: z.array(like(/^\d{1,5}\/(tcp|udp)$/, "a port and protocol such as 51820/udp")).optional(),
});
/** One host as the site file has it. */
export type HostFile = z.output<typeof host>;

const proxmox = z.strictObject({
  url: z.url({ protocol: /^https$/, error: "an https URL such as https://192.0.2.2:8006" }),
  /** PEM file of the authority that signed the API's certificate. */
  ca: path.optional(),
  /** The node's name in Proxmox. */
  node: name,
  /** `USER@REALM!TOKENID`; its secret is `proxmox.token_secret` in the secrets file. */
  token_id: like(/^[^@!\s]+@[^@!\s]+![^@!\s]+$/, "USER@REALM!TOKENID"),
  bridge: like(/^vmbr\d+$/, "a bridge such as vmbr0"),
  /** Storage of VM disks. */
  storage: name,
  /** Storage that imported images lie on. */
  image_storage: name.default("local"),
  template: z.strictObject({
    id: z.int().min(100).max(999_999_999),
    name,
    /** Where the hypervisor downloads the cloud image. */
    image_url: url,
    image_sha256: like(/^[0-9a-f]{64}$/, "64 hexadecimal digits"),
  }),
});

const vpn = z.strictObject({
  provider: z.enum(["wireguard", "pangolin"]).default("wireguard"),
  network: cidr,
  port: port.default(51_820),
  mtu: z.int().min(1_280).max(9_000).default(1_420),
  /** Seconds between keepalives that hold the NAT open. */
  keepalive: z.int().min(5).max(600).default(25),
  /** The host that forwards from the tunnel into the home LAN. */
  home_via: name,
  /** Address of the runner's own probing peer inside the VPN. */
  probe_address: address,
  pangolin: z.strictObject({
    dashboard_url: url,
    base_domain: hostname,
    letsencrypt_email: z.email("an e-mail address"),
    /** What nodes run. */
    client: z.enum(["newt", "cli"]).default("newt"),
  }).optional(),
});

const kubernetes = z.strictObject({
  /** Who makes the cluster: a kubespray checkout, or (small sites) Plumb's own tasks around kubeadm. */
  provisioner: z.enum(["kubespray", "kubeadm"]).default("kubespray"),
  /** Version of the whole cluster, without `v`. */
  version: like(/^\d+\.\d+\.\d+$/, "an exact version such as 1.35.4"),
  pod_cidr: cidr,
  service_cidr: cidr,
  dns_domain: hostname.default("cluster.local"),
  api_port: port.default(6_443),
  /** Where the runner keeps the administrator's kubeconfig; `.state/<site>/kubeconfig` if not given. */
  kubeconfig: path.optional(),
  /** A name of the outside world that pods must be able to resolve. */
  outside_name: hostname.default("registry.k8s.io"),
  cni: z.strictObject({
    plugin: z.enum(["calico", "kube-router"]).default("calico"),
    /** Only read for Calico: how packets between nodes are wrapped, and when. */
    encapsulation: z.enum(["vxlan", "ipip", "none"]).default("vxlan"),
    encapsulate: z.enum(["always", "cross-subnet"]).default("always"),
  }).prefault({}),
  storage: z.strictObject({
    provider: z.enum(["openebs", "local-path"]).default("openebs"),
    /** The one default StorageClass. */
    class: name,
    /** Folder of the volumes on each node. */
    path: like(/^\/[\w./-]*$/, "an absolute path"),
    /** GiB that must stay free on the disk below `path`. */
    free_floor: z.number().min(0).default(5),
  }),
  /**
   * Services of the registry to install, and with them what they need and the gateway that their host names lead to; without
   * the list all, in the lab those marked for it.
   */
  services: z.array(name).min(1).optional(),
  /** Where release files come from: laid out as https://dl.k8s.io, below which `release/v1.35.4/bin/...` is. */
  release_url: url.default("https://dl.k8s.io"),
  /** Mirrors by registry, such as `registry.k8s.io: http://192.0.2.5`; a registry without one is asked itself. */
  registry_mirrors: z.record(hostname, url).default({}),
  /** Only read for provisioner kubespray. */
  kubespray: z.strictObject({
    /** A checkout's path, or a git URL. */
    source: z.string("a path or a git URL").min(1).default("https://github.com/kubernetes-sigs/kubespray.git"),
    /** Variables of kubespray's own that this file has no word for; they win over what Plumb renders. */
    vars: z.record(like(/^[a-z_][a-z0-9_]*$/, "a variable's name"), z.unknown()).default({}),
  }).prefault({}),
});
/** The `kubernetes` section of a site file after validation. */
export type KubernetesFile = z.output<typeof kubernetes>;

/** The shape of `sites/<name>.yaml`. Rules across fields are in `harness/adapters/site/rules.ts`. */
export const siteSchema = z.strictObject({
  name,
  /** True for the embedded lab: `up` starts it and runs inside its network. */
  lab: z.boolean().default(false),
  domain: hostname,
  networks: z.strictObject({
    home: z.strictObject({ cidr, gateway: address, nameservers: z.array(address).min(1) }),
  }),
  ssh: z.strictObject({
    user: name,
    /** Private key file. */
    key: path,
    /** Pinned host keys; a host that is not in it is refused. */
    known_hosts: path,
    port: port.default(22),
  }),
  secrets: z.strictObject({
    /** SOPS file, values encrypted for age. */
    file: path,
    /** age identity that decrypts it. */
    age_key: path,
  }),
  /** YAML list of known, accepted reds. */
  waivers: path.optional(),
  /** Command that `drift` gives its message to, on standard input, when something changed. */
  notify: z.strictObject({ command: z.array(z.string()).min(1) }).optional(),
  proxmox: proxmox.optional(),
  kubernetes: kubernetes.optional(),
  vpn,
  hosts: z.record(name, host),
});
/** A site file after validation, defaults filled in. */
export type SiteFile = z.output<typeof siteSchema>;
