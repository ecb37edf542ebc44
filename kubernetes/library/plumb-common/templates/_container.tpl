{{- define "plumb-common.user" -}}
{{- dig "security" "user" 1000 .c | int -}}
{{- end -}}

{{- define "plumb-common.group" -}}
{{- dig "security" "group" (include "plumb-common.user" .) .c | int -}}
{{- end -}}

{{/* What no container may do. */}}
{{- define "plumb-common.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: {{ dig "security" "readOnlyRoot" true .c }}
capabilities:
  drop: [ALL]
  {{- with dig "security" "capabilities" list .c }}
  add: {{ toJson . }}
  {{- end }}
{{- end -}}

{{/* Who a pod's processes are. */}}
{{- define "plumb-common.podSecurity" -}}
{{- $nonRoot := dig "security" "nonRoot" true .c -}}
{{- $user := include "plumb-common.user" . | int -}}
runAsNonRoot: {{ and $nonRoot (ne $user 0) }}
runAsUser: {{ $user }}
runAsGroup: {{ include "plumb-common.group" . }}
fsGroup: {{ dig "security" "fsGroup" (include "plumb-common.group" .) .c | int }}
fsGroupChangePolicy: OnRootMismatch
{{- with dig "security" "supplementalGroups" list .c }}
supplementalGroups: {{ toJson . }}
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- $low := list }}
{{- range .c.ports }}
{{- if lt (int .port) 1024 }}
{{- $low = append $low .port }}
{{- end }}
{{- end }}
{{- if and $low (not .c.hostNetwork) }}
sysctls:
  # Lets a process that is not root listen below 1024; it holds for this pod alone.
  - name: net.ipv4.ip_unprivileged_port_start
    value: "0"
{{- end }}
{{- end -}}

{{/*
Environment of a container. Takes `env`, what holds the variables (the component or one of its init containers), besides the
context. The kubelet replaces $(OTHER) only if OTHER stands before it: so fields and secrets come first, users of others last.
*/}}
{{- define "plumb-common.env" -}}
{{- $ctx := omit . "env" -}}
{{- range $name, $field := .env.fieldEnv }}
- name: {{ $name }}
  valueFrom:
    fieldRef:
      fieldPath: {{ $field }}
{{- end }}
{{- range $name, $ref := .env.secretEnv }}
- name: {{ $name }}
  valueFrom:
    secretKeyRef:
      name: {{ include "plumb-common.secretObject" (merge (dict "secretName" (splitList "/" $ref | first)) $ctx) }}
      key: {{ splitList "/" $ref | last }}
{{- end }}
{{- range $name, $ref := .env.secretFileEnv }}
- name: {{ $name }}
  value: /vault/secrets/{{ replace "/" "-" $ref }}
{{- end }}
{{- range $late := list false true }}
{{- range $name, $value := $.env.env }}
{{- if eq $late (contains "$(" (toString $value)) }}
- name: {{ $name }}
  value: {{ include "plumb-common.fill" (merge (dict "text" $value) $ctx) | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* What the application's and the init containers have in common. Takes `env` (see above) besides the context. */}}
{{- define "plumb-common.containerBody" -}}
image: {{ include "plumb-common.image" (.env.image | default .c.image) }}
imagePullPolicy: IfNotPresent
{{- with .env.command }}
command:
  {{- include "plumb-common.fillAll" (merge (dict "list" .) $) | trim | nindent 2 }}
{{- end }}
{{- with .env.args }}
args:
  {{- include "plumb-common.fillAll" (merge (dict "list" .) $) | trim | nindent 2 }}
{{- end }}
{{- with .env.workingDir }}
workingDir: {{ . }}
{{- end }}
{{- with include "plumb-common.env" . | trim }}
env:
  {{- . | nindent 2 }}
{{- end }}
{{- with .env.envFrom }}
envFrom:
  {{- range . }}
  - secretRef:
      name: {{ include "plumb-common.secretObject" (merge (dict "secretName" .) $) }}
  {{- end }}
{{- end }}
resources:
  {{- .env.resources | default .c.resources | toYaml | nindent 2 }}
securityContext:
  {{- include "plumb-common.containerSecurity" . | nindent 2 }}
{{- with include "plumb-common.mounts" . | trim }}
volumeMounts:
  {{- . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* A look at a container. Takes probe, failures. */}}
{{- define "plumb-common.probe" -}}
{{- with .probe.http -}}
httpGet:
  path: {{ .path | quote }}
  port: {{ .port }}
  scheme: {{ .scheme | default "HTTP" }}
  {{- with .headers }}
  httpHeaders:
    {{- range $name, $value := . }}
    - name: {{ $name }}
      value: {{ $value | quote }}
    {{- end }}
  {{- end }}
{{- end }}
{{- with .probe.tcp -}}
tcpSocket:
  port: {{ .port }}
{{- end }}
{{- with .probe.exec -}}
exec:
  command: {{ toJson .command }}
{{- end }}
{{- with .grpc -}}
grpc:
  port: {{ .port }}
  {{- with .service }}
  service: {{ . }}
  {{- end }}
{{- end }}
periodSeconds: {{ .probe.period | default 10 }}
timeoutSeconds: {{ .probe.timeout | default 3 }}
failureThreshold: {{ .probe.failures | default .failures }}
{{- with .probe.delay }}
initialDelaySeconds: {{ . }}
{{- end }}
{{- end -}}

{{/* The application's container. */}}
{{- define "plumb-common.container" -}}
name: {{ .name }}
{{ include "plumb-common.containerBody" (merge (dict "env" .c) .) }}
{{- with .c.ports }}
ports:
  {{- range $name, $port := . }}
  - name: {{ $name }}
    containerPort: {{ $port.port }}
    protocol: {{ $port.protocol | default "TCP" }}
    {{- with $port.hostPort }}
    hostPort: {{ . }}
    {{- end }}
  {{- end }}
{{- end }}
{{- range $name := list "liveness" "readiness" "startup" }}
{{- with dig "probes" $name dict $.c }}
{{- $grpc := dict }}
{{- with .grpc }}
{{- $number := (get $.c.ports .port).port }}
{{- $grpc = merge (dict "port" $number) . }}
{{- end }}
{{ $name }}Probe:
  {{- include "plumb-common.probe" (dict "probe" . "grpc" $grpc "failures" (ternary 30 3 (eq $name "startup"))) | nindent 2 }}
{{- end }}
{{- end }}
{{- end -}}
