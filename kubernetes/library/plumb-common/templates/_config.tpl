{{/* Key of a config file in its ConfigMap. Takes an absolute path. */}}
{{- define "plumb-common.fileKey" -}}
{{- trimPrefix "/" . | replace "/" "_" -}}
{{- end -}}

{{/* The filled-in config files as YAML: the data of the ConfigMap, and what the pods' checksum is taken of. */}}
{{- define "plumb-common.configData" -}}
{{- range $path, $text := .c.configFiles }}
{{ include "plumb-common.fileKey" $path }}: {{ include "plumb-common.fill" (merge (dict "text" $text) $) | toJson }}
{{- end }}
{{- end -}}

{{- define "plumb-common.config" -}}
{{- if .c.configFiles -}}
---
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "plumb-common.meta" (merge (dict "object" (printf "%s-config" .full)) .) | nindent 2 }}
data:
  {{- include "plumb-common.configData" . | trim | nindent 2 }}
{{ end }}
{{- end -}}
