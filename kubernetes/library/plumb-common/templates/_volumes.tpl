{{/* The volumes of a pod. */}}
{{- define "plumb-common.volumes" -}}
{{- range $key, $dir := .c.writable }}
- name: {{ $key }}
  emptyDir:
    {{- if $dir.memory }}
    medium: Memory
    {{- end }}
    sizeLimit: {{ $dir.size | default "64Mi" }}
{{- end }}
{{- range $key, $claim := .c.storage }}
{{- if or $claim.existingClaim (ne $.kind "StatefulSet") }}
- name: {{ $key }}
  persistentVolumeClaim:
    claimName: {{ $claim.existingClaim | default (printf "%s-%s" $.full $key) }}
{{- end }}
{{- end }}
{{- range $key, $volume := .c.volumes }}
- name: {{ $key }}
  {{- if $volume.configMap }}
  configMap:
    name: {{ $volume.configMap }}
  {{- else if $volume.secret }}
  secret:
    secretName: {{ $volume.secret }}
  {{- else if $volume.claim }}
  persistentVolumeClaim:
    claimName: {{ $volume.claim }}
  {{- else }}
  hostPath:
    path: {{ $volume.hostPath }}
  {{- end }}
{{- end }}
{{- if .c.configFiles }}
- name: config-files
  configMap:
    name: {{ .full }}-config
{{- end }}
{{- include "plumb-common.secretVolumes" . }}
{{- end -}}

{{/* The mounts that a component's containers share. */}}
{{- define "plumb-common.mounts" -}}
{{- range $key, $dir := .c.writable }}
- name: {{ $key }}
  mountPath: {{ $dir.path }}
{{- end }}
{{- range $key, $claim := .c.storage }}
{{- if $claim.path }}
- name: {{ $key }}
  mountPath: {{ $claim.path }}
{{- end }}
{{- range $claim.paths }}
- name: {{ $key }}
  mountPath: {{ .path }}
  {{- with .subPath }}
  subPath: {{ . }}
  {{- end }}
  {{- if .readOnly }}
  readOnly: true
  {{- end }}
{{- end }}
{{- end }}
{{- range $key, $volume := .c.volumes }}
- name: {{ $key }}
  mountPath: {{ $volume.path }}
  {{- with $volume.subPath }}
  subPath: {{ . }}
  {{- end }}
  {{- if dig "readOnly" true $volume }}
  readOnly: true
  {{- end }}
{{- end }}
{{- range $path := keys (.c.configFiles | default dict) | sortAlpha }}
- name: config-files
  mountPath: {{ $path }}
  subPath: {{ include "plumb-common.fileKey" $path }}
  readOnly: true
{{- end }}
{{- include "plumb-common.secretMounts" . }}
{{- end -}}
