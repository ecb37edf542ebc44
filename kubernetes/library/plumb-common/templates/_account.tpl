{{/*
Who a component is, and what it may do. The Role is there even if it allows nothing: then it says so, and a permission that
is added later is one visible line. The token is mounted only if there is something to do with it.
*/}}
{{- define "plumb-common.account" -}}
{{- $token := or .c.rbac .c.clusterRbac -}}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "plumb-common.meta" (merge (dict "object" .full) .) | nindent 2 }}
automountServiceAccountToken: {{ ternary true false (not (empty $token)) }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  {{- include "plumb-common.meta" (merge (dict "object" .full) .) | nindent 2 }}
  {{- include "plumb-common.reasons" .c.rbac }}
rules:
  {{- include "plumb-common.rules" .c.rbac | trim | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  {{- include "plumb-common.meta" (merge (dict "object" .full) .) | nindent 2 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ .full }}
subjects:
  {{- include "plumb-common.subject" . | nindent 2 }}
{{- if .c.clusterRbac }}
{{- $object := printf "%s-%s" .root.Release.Namespace .full }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: {{ $object }}
  labels:
    {{- include "plumb-common.labels" . | nindent 4 }}
  {{- include "plumb-common.reasons" .c.clusterRbac }}
rules:
  {{- include "plumb-common.rules" .c.clusterRbac | trim | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: {{ $object }}
  labels:
    {{- include "plumb-common.labels" . | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: {{ $object }}
subjects:
  {{- include "plumb-common.subject" . | nindent 2 }}
{{- end }}
{{ end -}}

{{- define "plumb-common.subject" -}}
- kind: ServiceAccount
  name: {{ .full }}
  namespace: {{ .root.Release.Namespace }}
{{- end -}}

{{/* Takes a list of permissions. */}}
{{- define "plumb-common.rules" -}}
{{- range . }}
- {{ omit . "why" | toYaml | nindent 2 | trim }}
{{- else -}}
[]
{{- end }}
{{- end -}}

{{/* What each permission is for, where somebody who looks at the cluster finds it. Takes a list of permissions. */}}
{{- define "plumb-common.reasons" -}}
{{- with . }}
  annotations:
    {{- range $at, $rule := . }}
    plumb/why.{{ $at }}: {{ $rule.why | quote }}
    {{- end }}
{{- end }}
{{- end -}}
