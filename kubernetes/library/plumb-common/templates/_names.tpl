{{/* The component whose objects bear the release's own name. */}}
{{- define "plumb-common.primary" -}}
{{- .v.primary | default (keys .v.components | sortAlpha | first) -}}
{{- end -}}

{{/* Name of a component's objects. */}}
{{- define "plumb-common.fullname" -}}
{{- if eq .name (include "plumb-common.primary" .) -}}
{{ .root.Release.Name }}
{{- else -}}
{{ .root.Release.Name }}-{{ .name }}
{{- end -}}
{{- end -}}

{{/* What a Service or a policy selects a component's pods by: it never changes with a version. */}}
{{- define "plumb-common.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .name }}
{{- end -}}

{{- define "plumb-common.labels" -}}
{{ include "plumb-common.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | default .root.Chart.Version | replace "+" "_" | trunc 63 | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/part-of: {{ .v.partOf }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 }}
{{- end -}}

{{/* The head of an object's metadata. Takes `object` besides the context. */}}
{{- define "plumb-common.meta" -}}
name: {{ .object }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "plumb-common.labels" . | nindent 2 }}
{{- end -}}

{{/* repository:tag@digest. Takes an image. */}}
{{- define "plumb-common.image" -}}
{{ .repository }}:{{ .tag }}{{ if .digest }}@{{ .digest }}{{ end }}
{{- end -}}

{{/* Host name of a route. Takes `host` besides the context. */}}
{{- define "plumb-common.host" -}}
{{- if .host }}{{ .host }}.{{ end }}{{ .v.domain }}
{{- end -}}

{{/* A plain value as text: Helm reads every number as a float, and would write 10000000 as 1e+07. Takes a value. */}}
{{- define "plumb-common.text" -}}
{{- if kindIs "float64" . -}}
{{- ternary (int64 . | toString) (toString .) (eq . (floor .)) -}}
{{- else -}}
{{- toString . -}}
{{- end -}}
{{- end -}}

{{/* Text with its placeholders filled in. Takes `text` besides the context. */}}
{{- define "plumb-common.fill" -}}
{{- $main := get .v.routes "main" | default dict -}}
{{- $host := include "plumb-common.host" (merge (dict "host" (get $main "host")) .) -}}
{{- include "plumb-common.text" .text
  | replace "@domain@" .v.domain
  | replace "@host@" $host
  | replace "@url@" (printf "https://%s" $host)
  | replace "@namespace@" .root.Release.Namespace
  | replace "@release@" .root.Release.Name -}}
{{- end -}}

{{/* A list of texts, filled in, as YAML. Takes `list` besides the context. */}}
{{- define "plumb-common.fillAll" -}}
{{- range .list }}
- {{ include "plumb-common.fill" (merge (dict "text" .) $) | quote }}
{{- end }}
{{- end -}}

{{/* True if a kind runs on and on, and so is probed and watched. */}}
{{- define "plumb-common.lasting" -}}
{{- if has .kind (list "Deployment" "StatefulSet" "DaemonSet") }}true{{ end -}}
{{- end -}}
