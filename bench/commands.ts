/**
 * The checks of the benchmark: shell commands that exit with 0 on every host of a green lab, for root and for the login
 * user alike, and that change nothing. Most cost a host a millisecond or so, because it is the way there that is compared.
 */

const owned = [
  ["root root 644", "/etc/passwd /etc/group /etc/hosts /etc/nsswitch.conf /etc/services /etc/protocols /etc/rpc"],
  ["root root 644", "/etc/login.defs /etc/profile /etc/bash.bashrc /etc/fstab /etc/ld.so.conf /etc/host.conf"],
  ["root root 644", "/etc/ssh/sshd_config /etc/ssh/ssh_config /etc/ssh/ssh_host_ed25519_key.pub /etc/gai.conf"],
  ["root root 755", "/etc /usr /var /usr/bin /usr/sbin /usr/lib /etc/ssh /etc/cron.daily /etc/systemd /etc/profile.d"],
  [
    "root root 755",
    "/var/lib /var/log /var/cache /usr/share /usr/bin/env /usr/bin/stat /usr/sbin/sshd /usr/bin/wg /usr/bin/curl",
  ],
  ["root root 4755", "/usr/bin/sudo"],
  ["root root 600", "/etc/ssh/ssh_host_ed25519_key"],
  ["root shadow 640", "/etc/shadow /etc/gshadow"],
  ["root root 1777", "/tmp /var/tmp /dev/shm"],
];

const files = "/etc/passwd /etc/machine-id /etc/os-release /usr/sbin/nft /usr/sbin/ip /usr/bin/systemctl " +
  "/usr/bin/python3 /usr/bin/wg-quick /etc/debian_version /etc/resolv.conf /usr/sbin/sysctl /proc/mounts " +
  "/usr/lib/systemd/systemd /usr/sbin/cron /usr/bin/dbus-daemon /etc/crontab /etc/sudoers /usr/sbin/conntrack";
const folders = "/etc/systemd/system /etc/wireguard /proc/1 /sys/class/net/lo /run/systemd/system /var/lib/dpkg " +
  "/etc/apt/sources.list.d /proc/sys/net/ipv4 /root /home /etc/sudoers.d /etc/sysctl.d /run/dbus /var/lib/systemd /etc/pam.d";
const executables =
  "/usr/bin/wg /usr/bin/sudo /usr/bin/ssh-keygen /usr/sbin/iptables /usr/bin/socat /usr/sbin/ethtool /usr/bin/apt-get";

const kernelFiles = "/proc/loadavg /proc/uptime /proc/meminfo /proc/version /proc/stat /proc/mounts /proc/net/route " +
  "/proc/net/dev /proc/sys/kernel/ostype /proc/sys/kernel/hostname /proc/sys/kernel/pid_max /proc/sys/fs/file-max " +
  "/proc/sys/fs/nr_open /proc/sys/vm/swappiness /proc/sys/vm/max_map_count /proc/sys/net/ipv4/ip_forward " +
  "/proc/sys/net/ipv4/conf/all/rp_filter /proc/sys/net/ipv4/ip_local_port_range /proc/sys/net/ipv4/tcp_syncookies " +
  "/sys/class/net/lo/mtu /etc/machine-id /proc/cpuinfo /etc/debian_version /proc/self/cgroup";

const settings =
  "kernel.ostype kernel.pid_max kernel.threads-max kernel.randomize_va_space fs.file-max vm.swappiness " +
  "vm.overcommit_memory vm.dirty_ratio net.ipv4.ip_forward net.ipv4.conf.all.rp_filter net.ipv4.tcp_syncookies " +
  "net.ipv4.icmp_echo_ignore_broadcasts net.ipv4.conf.default.accept_source_route net.ipv4.tcp_keepalive_time " +
  "net.core.somaxconn net.ipv4.tcp_fin_timeout fs.inotify.max_user_watches";

const entries = [
  ["passwd", "root daemon nobody sshd man mail www-data backup games sys"],
  ["group", "root sudo adm shadow tty disk nogroup users staff"],
  ["services", "ssh domain http https ntp ldap smtp imaps"],
  ["protocols", "tcp udp icmp gre"],
];

const configured = [
  ["^root:x:0:0:", "/etc/passwd"],
  ["^nobody:", "/etc/passwd"],
  ["^shadow:", "/etc/group"],
  ["^passwd:.*files", "/etc/nsswitch.conf"],
  ["^hosts:.*dns", "/etc/nsswitch.conf"],
  ["^UsePAM yes", "/etc/ssh/sshd_config"],
  ["^Subsystem[[:space:]]*sftp", "/etc/ssh/sshd_config"],
  ["^KbdInteractiveAuthentication no", "/etc/ssh/sshd_config"],
  ["^ID=debian", "/etc/os-release"],
  ["^VERSION_CODENAME=trixie", "/etc/os-release"],
  ["localhost", "/etc/hosts"],
  ["^ssh-ed25519 ", "/etc/ssh/ssh_host_ed25519_key.pub"],
  ["^MemTotal:", "/proc/meminfo"],
  ["^ENCRYPT_METHOD", "/etc/login.defs"],
  ["^UID_MIN", "/etc/login.defs"],
  [" / ", "/proc/mounts"],
  [" /proc ", "/proc/mounts"],
  ["pam_unix.so", "/etc/pam.d/common-auth"],
];

const units = "ssh.service cron.service systemd-journald.service dbus.socket systemd-tmpfiles-clean.timer";

const others = [
  "id -u root",
  "id -nG ops",
  'test "$(uname -s)" = Linux',
  "uname -m",
  'test "$(readlink /etc/os-release)" = ../usr/lib/os-release',
  "readlink -f /bin/sh",
  "readlink /proc/self/exe",
  "findmnt -n -o FSTYPE /proc",
  "mountpoint -q /proc",
  "pgrep -x sshd",
  "df -P / | tail -n 1",
  "test $(wc -l < /etc/passwd) -gt 10",
  "test $(cut -d. -f1 /proc/uptime) -gt 1",
  "date -u +%s",
  "sha256sum /etc/machine-id",
  "find /etc/ssh -maxdepth 1 -name 'ssh_host_*_key.pub' | grep -q .",
  "ls /etc/systemd/system",
  "command -v curl",
  "getconf PAGESIZE",
  "test $(getconf _NPROCESSORS_CONF) -ge 1",
  "stat -f -c %T /proc",
  "awk -F: '$3 == 0 && $1 != \"root\" { exit 1 }' /etc/passwd",
];

const words = (text: string) => text.split(" ");

/** The commands, in an order that mixes dear and cheap ones. */
export const commands: readonly string[] = shuffled([
  ...owned.flatMap(([facts, paths]) => words(paths).map((path) => `test "$(stat -c '%U %G %a' ${path})" = '${facts}'`)),
  ...words(files).map((path) => `test -f ${path}`),
  ...words(folders).map((path) => `test -d ${path}`),
  ...words(executables).map((path) => `test -x ${path}`),
  ...words(kernelFiles).map((path) => `cat ${path}`),
  ...words(settings).map((key) => `/usr/sbin/sysctl -n ${key}`),
  ...entries.flatMap(([database, names]) => words(names).map((name) => `getent ${database} ${name}`)),
  ...configured.map(([pattern, path]) => `grep -q '${pattern}' ${path}`),
  ...words(units).map((unit) => `systemctl is-enabled ${unit}`),
  ...others,
]);

/** The same order every time: each 37th one in turn. */
function shuffled<T>(all: readonly T[]): T[] {
  return all.map((_, i) => all[i * 37 % all.length]);
}
