{{/* Name of a route's object. Takes `route`, its key, besides the context. */}}
{{- define "plumb-common.routeName" -}}
{{- if eq .route "main" -}}
{{ .root.Release.Name }}
{{- else -}}
{{ .root.Release.Name }}-{{ .route }}
{{- end -}}
{{- end -}}

{{/* Where a path leads: the Service's name and port. Takes `path` besides the context. */}}
{{- define "plumb-common.target" -}}
{{- $name := .path.component | default (include "plumb-common.primary" .) -}}
{{- $port := get (get .v.components $name).ports .path.port -}}
name: {{ include "plumb-common.fullname" (merge (dict "name" $name) (omit . "name")) }}
port: {{ $port.service | default $port.port }}
{{- end -}}

{{/* The public addresses of the service. */}}
{{- define "plumb-common.routes" -}}
{{- range $key, $route := .v.routes }}
{{- $paths := $route.paths | default (list $route) }}
{{- $name := (first $paths).component | default (include "plumb-common.primary" $) }}
{{- $object := include "plumb-common.routeName" (merge (dict "route" $key) $) }}
{{- $ctx := merge (dict "name" $name "object" $object "host" $route.host) $ }}
{{- $kind := $.v.routing.kind }}
---
apiVersion: {{ ternary "gateway.networking.k8s.io/v1" "networking.k8s.io/v1" (eq $kind "HTTPRoute") }}
kind: {{ $kind }}
metadata:
  {{- include "plumb-common.meta" $ctx | nindent 2 }}
{{- if eq $kind "HTTPRoute" }}
spec:
  parentRefs:
    - name: {{ $.v.routing.gateway.name }}
      namespace: {{ $.v.routing.gateway.namespace }}
      sectionName: {{ $.v.routing.gateway.section }}
  hostnames: [{{ include "plumb-common.host" $ctx | quote }}]
  rules:
    {{- range $paths }}
    - matches:
        - path: { type: PathPrefix, value: {{ .path | default "/" | quote }} }
      backendRefs:
        - {{ include "plumb-common.target" (merge (dict "path" .) $) | nindent 10 | trim }}
      {{- with $route.timeout }}
      timeouts: { request: {{ . }} }
      {{- end }}
    {{- end }}
{{- else }}
  {{- with $.v.routing.clusterIssuer }}
  annotations:
    cert-manager.io/cluster-issuer: {{ . }}
  {{- end }}
spec:
  ingressClassName: {{ $.v.routing.ingressClass }}
  tls:
    - hosts: [{{ include "plumb-common.host" $ctx | quote }}]
      {{- if $.v.routing.clusterIssuer }}
      secretName: {{ $object }}-tls
      {{- end }}
  rules:
    - host: {{ include "plumb-common.host" $ctx | quote }}
      http:
        paths:
          {{- range $paths }}
          {{- $target := include "plumb-common.target" (merge (dict "path" .) $) | fromYaml }}
          - path: {{ .path | default "/" | quote }}
            pathType: Prefix
            backend:
              service:
                name: {{ $target.name }}
                port: { number: {{ $target.port }} }
          {{- end }}
{{- end }}
{{- end }}
{{- end -}}
