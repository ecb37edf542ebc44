{{- /* Labels of an object; takes the root and a component. */ -}}
{{- define "namespaces.labels" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/part-of: plumb
{{- end -}}

{{- /* A policy's peer: pods with labels in a namespace. */ -}}
{{- define "namespaces.peer" -}}
- namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: {{ .namespace }} } }
  podSelector: { matchLabels: {{ .podLabels | toJson }} }
{{- end -}}

{{- /* A list of TCP ports for a policy's rule. */ -}}
{{- define "namespaces.ports" -}}
{{- range . }}
- { protocol: TCP, port: {{ . }} }
{{- end }}
{{- end -}}
