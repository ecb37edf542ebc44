{{/* Spec of a claim. Takes `claim` besides the context. */}}
{{- define "plumb-common.claimSpec" -}}
accessModes: {{ .claim.accessModes | default (list "ReadWriteOnce") | toJson }}
storageClassName: {{ .claim.class | default .v.storageClass }}
resources:
  requests:
    storage: {{ .claim.size }}
{{- end -}}

{{/* The claims of a component that are objects of their own; a StatefulSet makes its own from templates. */}}
{{- define "plumb-common.claims" -}}
{{- if ne .kind "StatefulSet" }}
{{- range $key, $claim := .c.storage }}
{{- if not $claim.existingClaim -}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  {{- include "plumb-common.meta" (merge (dict "object" (printf "%s-%s" $.full $key)) $) | nindent 2 }}
spec:
  {{- include "plumb-common.claimSpec" (merge (dict "claim" $claim) $) | nindent 2 }}
{{ end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "plumb-common.claimTemplates" -}}
{{- range $key, $claim := .c.storage }}
{{- if not $claim.existingClaim }}
- metadata:
    name: {{ $key }}
    labels:
      {{- include "plumb-common.selector" $ | nindent 6 }}
  spec:
    {{- include "plumb-common.claimSpec" (merge (dict "claim" $claim) $) | nindent 4 }}
{{- end }}
{{- end }}
{{- end -}}

{{/* True if a claim can be mounted on one node only. Takes the context. */}}
{{- define "plumb-common.tiedToNode" -}}
{{- range .c.storage }}
{{- range .accessModes | default (list "ReadWriteOnce") }}
{{- if hasPrefix "ReadWriteOnce" . }}true{{ end -}}
{{- end }}
{{- end }}
{{- end -}}
