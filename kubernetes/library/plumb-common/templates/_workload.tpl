{{/* Annotations of a pod. */}}
{{- define "plumb-common.podAnnotations" -}}
{{- if .c.configFiles }}
checksum/config: {{ include "plumb-common.configData" . | sha256sum }}
{{- end }}
{{- include "plumb-common.agentAnnotations" . }}
{{- range $key, $value := .c.annotations }}
{{ $key }}: {{ $value | quote }}
{{- end }}
{{- end -}}

{{/* What the component may do that the rules refuse, for those who look at the cluster. */}}
{{- define "plumb-common.exceptions" -}}
{{- with .c.exceptions }}
  annotations:
    {{- range $key, $exception := . }}
    plumb/exception.{{ $key }}: {{ printf "until %s: %s" $exception.until $exception.reason | quote }}
    {{- end }}
{{- end }}
{{- end -}}

{{/* The pod that every kind of workload is made of. */}}
{{- define "plumb-common.pod" -}}
metadata:
  labels:
    {{- include "plumb-common.labels" . | nindent 4 }}
  {{- with include "plumb-common.podAnnotations" . | trim }}
  annotations:
    {{- . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ .full }}
  automountServiceAccountToken: {{ ternary true false (not (empty (or .c.rbac .c.clusterRbac))) }}
  enableServiceLinks: false
  {{- if not (include "plumb-common.lasting" .) }}
  restartPolicy: Never
  {{- end }}
  terminationGracePeriodSeconds: {{ dig "gracePeriod" 30 .c | int }}
  {{- if .c.hostNetwork }}
  hostNetwork: true
  dnsPolicy: ClusterFirstWithHostNet
  {{- end }}
  securityContext:
    {{- include "plumb-common.podSecurity" . | nindent 4 }}
  {{- with .c.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .c.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if gt (dig "replicas" 1 .c | int) 1 }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "plumb-common.selector" . | nindent 10 }}
  {{- end }}
  {{- with .c.init }}
  initContainers:
    {{- range . }}
    - name: {{ .name }}
      {{- include "plumb-common.containerBody" (merge (dict "env" .) $) | nindent 6 }}
    {{- end }}
  {{- end }}
  containers:
    - {{ include "plumb-common.container" . | nindent 6 | trim }}
  {{- with include "plumb-common.volumes" . | trim }}
  volumes:
    {{- . | nindent 4 }}
  {{- end }}
{{- end -}}

{{/* What a run of a Job is. */}}
{{- define "plumb-common.run" -}}
backoffLimit: {{ dig "retries" 2 .c }}
activeDeadlineSeconds: {{ .c.deadline | default 3600 | int }}
{{- if eq .kind "Job" }}
{{- /*
Helm makes what is missing, but leaves a Job that failed as it is: it must go before a sync can run it anew. Not sooner than
Helm's own wait ends (helmfile.yaml.gotmpl), which a Job that is gone never satisfies, and late enough for its log to be read.
*/}}
ttlSecondsAfterFinished: 3600
{{- end }}
template:
  {{- include "plumb-common.pod" . | nindent 2 }}
{{- end -}}

{{- define "plumb-common.workload" -}}
{{- $object := .full -}}
{{- if eq .kind "Job" -}}
  {{- /* A Job's spec cannot be changed: one that changes gets another name, and Helm takes the old one away. */ -}}
  {{- $object = printf "%s-%s" .full (include "plumb-common.run" . | sha256sum | trunc 8) -}}
{{- end -}}
---
apiVersion: {{ ternary "batch/v1" "apps/v1" (has .kind (list "CronJob" "Job")) }}
kind: {{ .kind }}
metadata:
  {{- include "plumb-common.meta" (merge (dict "object" $object) .) | nindent 2 }}
  {{- include "plumb-common.exceptions" . }}
spec:
  {{- if eq .kind "CronJob" }}
  schedule: {{ .c.schedule | quote }}
  timeZone: {{ .c.timeZone | default "Etc/UTC" }}
  concurrencyPolicy: {{ .c.concurrency | default "Forbid" }}
  successfulJobsHistoryLimit: {{ dig "history" 3 .c }}
  failedJobsHistoryLimit: {{ dig "history" 3 .c }}
  jobTemplate:
    spec:
      {{- include "plumb-common.run" . | nindent 6 }}
  {{- else if eq .kind "Job" }}
  {{- include "plumb-common.run" . | nindent 2 }}
  {{- else }}
  {{- if eq .kind "DaemonSet" }}
  updateStrategy:
    type: RollingUpdate
  {{- else }}
  replicas: {{ dig "replicas" 1 .c }}
  {{- end }}
  {{- if eq .kind "Deployment" }}
  revisionHistoryLimit: 3
  strategy:
    type: {{ .c.strategy | default (ternary "Recreate" "RollingUpdate" (not (empty (include "plumb-common.tiedToNode" .)))) }}
  {{- end }}
  {{- if eq .kind "StatefulSet" }}
  {{- if .c.ports }}
  serviceName: {{ .full }}-headless
  {{- end }}
  podManagementPolicy: {{ .c.podManagement | default "OrderedReady" }}
  {{- with include "plumb-common.claimTemplates" . | trim }}
  volumeClaimTemplates:
    {{- . | nindent 4 }}
  {{- end }}
  {{- end }}
  selector:
    matchLabels:
      {{- include "plumb-common.selector" . | nindent 6 }}
  template:
    {{- include "plumb-common.pod" . | nindent 4 }}
  {{- end }}
{{ end -}}
