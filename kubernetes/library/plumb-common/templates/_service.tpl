{{/* Ports of a Service. */}}
{{- define "plumb-common.servicePorts" -}}
{{- range $name, $port := .c.ports }}
- name: {{ $name }}
  port: {{ $port.service | default $port.port }}
  targetPort: {{ $name }}
  protocol: {{ $port.protocol | default "TCP" }}
  {{- with $port.appProtocol }}
  appProtocol: {{ . }}
  {{- end }}
  {{- with $port.nodePort }}
  nodePort: {{ . }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* The Service of a component with ports, and the headless one that gives a StatefulSet's pods their names. */}}
{{- define "plumb-common.services" -}}
{{- if .c.ports -}}
{{- $service := .c.service | default dict -}}
---
apiVersion: v1
kind: Service
metadata:
  {{- include "plumb-common.meta" (merge (dict "object" .full) .) | nindent 2 }}
    {{- if include "plumb-common.metricsPorts" . }}
    # The headless Service has the same pods: without this they would be scraped twice.
    plumb/scraped: "true"
    {{- end }}
  {{- with $service.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  type: {{ $service.type | default "ClusterIP" }}
  {{- if $service.headless }}
  clusterIP: None
  {{- end }}
  selector:
    {{- include "plumb-common.selector" . | nindent 4 }}
  ports:
    {{- include "plumb-common.servicePorts" . | trim | nindent 4 }}
{{ if eq .kind "StatefulSet" -}}
---
apiVersion: v1
kind: Service
metadata:
  {{- include "plumb-common.meta" (merge (dict "object" (printf "%s-headless" .full)) .) | nindent 2 }}
spec:
  type: ClusterIP
  clusterIP: None
  # Members of a cluster look for each other before they are ready.
  publishNotReadyAddresses: true
  selector:
    {{- include "plumb-common.selector" . | nindent 4 }}
  ports:
    {{- range $name, $port := .c.ports }}
    - name: {{ $name }}
      port: {{ $port.port }}
      targetPort: {{ $name }}
      protocol: {{ $port.protocol | default "TCP" }}
    {{- end }}
{{ end }}
{{- end }}
{{- end -}}

{{- define "plumb-common.disruption" -}}
{{- if has .kind (list "Deployment" "StatefulSet") -}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "plumb-common.meta" (merge (dict "object" .full) .) | nindent 2 }}
spec:
  {{- with dig "pdb" "minAvailable" 0 .c }}
  minAvailable: {{ . }}
  {{- else }}
  maxUnavailable: {{ dig "pdb" "maxUnavailable" 1 .c }}
  {{- end }}
  # A pod that is not ready serves nobody: a drain need not wait for it.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "plumb-common.selector" . | nindent 6 }}
{{ end }}
{{- end -}}
