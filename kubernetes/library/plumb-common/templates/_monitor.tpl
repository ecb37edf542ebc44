{{/* Names of the ports that Prometheus scrapes, separated by spaces. */}}
{{- define "plumb-common.metricsPorts" -}}
{{- $names := list -}}
{{- range $name, $port := .c.ports }}
{{- if hasKey $port "metrics" }}
{{- $names = append $names $name }}
{{- end }}
{{- end }}
{{- $names | join " " -}}
{{- end -}}

{{/* Name of the first TCP port; empty for none. */}}
{{- define "plumb-common.firstPort" -}}
{{- $names := list -}}
{{- range $name, $port := .c.ports }}
{{- if ne (dig "protocol" "TCP" $port) "UDP" }}
{{- $names = append $names $name }}
{{- end }}
{{- end }}
{{- first $names | default "" -}}
{{- end -}}

{{/* Name of the port at which a component's health is asked: that of its readiness probe, else the first; empty for none. */}}
{{- define "plumb-common.healthPort" -}}
{{- $probe := dig "probes" "readiness" dict .c -}}
{{- dig "http" "port" (dig "tcp" "port" (dig "grpc" "port" (include "plumb-common.firstPort" .) $probe) $probe) $probe -}}
{{- end -}}

{{/* Name of the port that the blackbox exporter asks; empty if Prometheus scrapes the component itself or cannot. */}}
{{- define "plumb-common.askedPort" -}}
{{- if and (include "plumb-common.lasting" .) (not (include "plumb-common.metricsPorts" .)) (not (dig "exceptions" "monitoring" "" .c)) -}}
{{- include "plumb-common.healthPort" . -}}
{{- end -}}
{{- end -}}

{{/*
How a component is watched: it says so itself (ServiceMonitor), or its health is asked from outside (Probe).
*/}}
{{- define "plumb-common.monitor" -}}
{{- $metrics := splitList " " (include "plumb-common.metricsPorts" .) | compact -}}
{{- if $metrics -}}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  {{- include "plumb-common.meta" (merge (dict "object" .full) .) | nindent 2 }}
    prometheus: kube-prometheus
spec:
  selector:
    matchLabels:
      {{- include "plumb-common.selector" . | nindent 6 }}
      plumb/scraped: "true"
  namespaceSelector:
    matchNames: [{{ .root.Release.Namespace }}]
  endpoints:
    {{- range $metrics }}
    {{- $port := get $.c.ports . }}
    - port: {{ . }}
      path: {{ $port.metrics.path | default "/metrics" }}
      interval: {{ $port.metrics.interval | default "30s" }}
      scheme: {{ $port.metrics.scheme | default "http" }}
    {{- end }}
{{ end }}
{{- with include "plumb-common.askedPort" . }}
{{- $http := dig "probes" "readiness" "http" dict $.c }}
{{- $port := get $.c.ports . }}
{{- $address := printf "%s.%s.svc:%v" $.full $.root.Release.Namespace ($port.service | default $port.port) -}}
---
apiVersion: monitoring.coreos.com/v1
kind: Probe
metadata:
  {{- include "plumb-common.meta" (merge (dict "object" $.full) $) | nindent 2 }}
    prometheus: kube-prometheus
spec:
  jobName: {{ $.full }}
  interval: 30s
  module: {{ ternary "http_2xx" "tcp_connect" (not (empty $http)) }}
  prober:
    url: {{ $.v.peers.blackbox.service }}.{{ $.v.peers.blackbox.namespace }}.svc:{{ $.v.peers.blackbox.port }}
  targets:
    staticConfig:
      static:
        {{- if $http }}
        - {{ printf "%s://%s%s" (dig "scheme" "http" $http | lower) $address $http.path | quote }}
        {{- else }}
        - {{ $address | quote }}
        {{- end }}
{{ end }}
{{- end -}}
