{{/* A peer by namespace and labels. Takes namespace, labels. */}}
{{- define "plumb-common.podsPeer" -}}
- namespaceSelector:
    matchLabels:
      kubernetes.io/metadata.name: {{ .namespace }}
  podSelector:
    matchLabels:
      {{- toYaml .labels | nindent 6 }}
{{- end -}}

{{/* A peer as `network` writes it. Takes `end` besides the context. */}}
{{- define "plumb-common.peer" -}}
{{- $end := .end -}}
{{- if $end.internet -}}
- ipBlock:
    cidr: 0.0.0.0/0
    # Private ranges are not the internet: the pods, the home, the tunnel, the nodes' own.
    except: [10.0.0.0/8, 100.64.0.0/10, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16, 198.18.0.0/15]
{{- else if $end.home -}}
- ipBlock: { cidr: {{ .v.peers.home.cidr }} }
{{- else if $end.cidr -}}
- ipBlock:
    cidr: {{ $end.cidr }}
    {{- with $end.except }}
    except: {{ toJson . }}
    {{- end }}
{{- else -}}
{{- $labels := merge (dict "app.kubernetes.io/name" $end.service) ($end.labels | default dict) -}}
{{- with $end.component }}
{{- $_ := set $labels "app.kubernetes.io/component" . }}
{{- end }}
{{- include "plumb-common.podsPeer" (dict "namespace" $end.namespace "labels" $labels) -}}
{{- end -}}
{{- end -}}

{{/* Pods of this release. Takes `of`, a component's name, besides the context. */}}
{{- define "plumb-common.ownPeer" -}}
- podSelector:
    matchLabels:
      {{- include "plumb-common.selector" (dict "root" .root "name" .of) | nindent 6 }}
{{- end -}}

{{/* Ports of a component by name. Takes `of` and `names` besides the context. */}}
{{- define "plumb-common.policyPorts" -}}
{{- $component := get .v.components .of -}}
{{- range .names | uniq | sortAlpha }}
{{- $port := get $component.ports . }}
- { port: {{ $port.port }}, protocol: {{ $port.protocol | default "TCP" }} }
{{- end }}
{{- end -}}

{{/* Names of the ports that routes lead to, separated by spaces. */}}
{{- define "plumb-common.routedPorts" -}}
{{- $names := list -}}
{{- range $name, $route := .v.routes }}
{{- range $route.paths | default (list $route) }}
{{- if eq $.name (.component | default (include "plumb-common.primary" $)) }}
{{- $names = append $names .port }}
{{- end }}
{{- end }}
{{- end }}
{{- $names | uniq | sortAlpha | join " " -}}
{{- end -}}

{{- define "plumb-common.ingress" -}}
{{- $primary := include "plumb-common.primary" . -}}
{{- with include "plumb-common.routedPorts" . }}
# The gateway, for the routes.
- from:
    {{- include "plumb-common.podsPeer" $.v.peers.gateway | nindent 4 }}
  ports:
    {{- include "plumb-common.policyPorts" (merge (dict "of" $.name "names" (splitList " " .)) $) | trim | nindent 4 }}
{{- end }}
{{- range $flow := .v.network.flows }}
{{- if has $.name $flow.to }}
# A component of this release.
- from:
    {{- range $flow.from }}
    {{- include "plumb-common.ownPeer" (merge (dict "of" .) $) | nindent 4 }}
    {{- end }}
  ports:
    {{- include "plumb-common.policyPorts" (merge (dict "of" $.name "names" $flow.ports) $) | trim | nindent 4 }}
{{- end }}
{{- end }}
{{- range .v.network.ingress }}
{{- if has $.name (.to | default (list $primary)) }}
# Declared in network.ingress.
- from:
    {{- include "plumb-common.peer" (merge (dict "end" .from) $) | nindent 4 }}
  ports:
    {{- include "plumb-common.policyPorts" (merge (dict "of" $.name "names" .ports) $) | trim | nindent 4 }}
{{- end }}
{{- end }}
{{- with include "plumb-common.metricsPorts" . }}
# Prometheus scrapes.
- from:
    {{- include "plumb-common.podsPeer" $.v.peers.prometheus | nindent 4 }}
  ports:
    {{- include "plumb-common.policyPorts" (merge (dict "of" $.name "names" (splitList " " .)) $) | trim | nindent 4 }}
{{- end }}
{{- with include "plumb-common.askedPort" . }}
# The blackbox exporter asks.
- from:
    {{- include "plumb-common.podsPeer" $.v.peers.blackbox | nindent 4 }}
  ports:
    {{- include "plumb-common.policyPorts" (merge (dict "of" $.name "names" (list .)) $) | trim | nindent 4 }}
{{- end }}
{{- if eq .name (include "plumb-common.testedComponent" .) }}
{{- with include "plumb-common.testedPort" . }}
# The helm test asks.
- from:
    {{- include "plumb-common.ownPeer" (merge (dict "of" "test") $) | nindent 4 }}
  ports:
    {{- include "plumb-common.policyPorts" (merge (dict "of" $.name "names" (list .)) $) | trim | nindent 4 }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Names are looked up in the cluster and in the node-local cache alike. */}}
{{- define "plumb-common.dnsEgress" -}}
# Names.
- to:
    {{- include "plumb-common.podsPeer" .v.peers.dns | nindent 4 }}
    - ipBlock: { cidr: {{ .v.peers.dns.nodeLocal }} }
  ports:
    - { port: 53, protocol: UDP }
    - { port: 53, protocol: TCP }
{{- end -}}

{{- define "plumb-common.egress" -}}
{{- $primary := include "plumb-common.primary" . -}}
{{- include "plumb-common.dnsEgress" . }}
{{- range $flow := .v.network.flows }}
{{- if has $.name $flow.from }}
{{- range $flow.to }}
# A component of this release.
- to:
    {{- include "plumb-common.ownPeer" (merge (dict "of" .) $) | nindent 4 }}
  ports:
    {{- include "plumb-common.policyPorts" (merge (dict "of" . "names" $flow.ports) $) | trim | nindent 4 }}
{{- end }}
{{- end }}
{{- end }}
{{- range .v.databases }}
{{- if has $.name (.from | default (keys $.v.components)) }}
{{- $engine := get $.v.engines .engine }}
# Database: {{ .engine }}{{ with .name }} {{ . }}{{ end }}.
- to:
    {{- include "plumb-common.podsPeer" $engine | nindent 4 }}
  ports:
    - { port: {{ $engine.port }}, protocol: TCP }
{{- end }}
{{- end }}
{{- if include "plumb-common.agentSecrets" . }}
# The Vault Agent fetches secrets.
- to:
    {{- include "plumb-common.podsPeer" .v.peers.vault | nindent 4 }}
  ports:
    - { port: {{ .v.peers.vault.port }}, protocol: TCP }
{{- end }}
{{- if or .c.rbac .c.clusterRbac }}
# The Kubernetes API.
- to:
    - ipBlock: { cidr: {{ .v.peers.kubeApi.cidr }} }
  ports:
    {{- range .v.peers.kubeApi.ports }}
    - { port: {{ . }}, protocol: TCP }
    {{- end }}
{{- end }}
{{- range .v.network.egress }}
{{- if has $.name (.from | default (list $primary)) }}
# Declared in network.egress.
- to:
    {{- include "plumb-common.peer" (merge (dict "end" .to) $) | nindent 4 }}
  ports:
    {{- range .ports }}
    - { port: {{ . }}, protocol: TCP }
    {{- end }}
    {{- range .udpPorts }}
    - { port: {{ . }}, protocol: UDP }
    {{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Both directions of a component's traffic. What is not here is denied. */}}
{{- define "plumb-common.policy" -}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "plumb-common.meta" (merge (dict "object" .full) .) | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "plumb-common.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    {{- include "plumb-common.ingress" . | trim | default "[]" | nindent 4 }}
  egress:
    {{- include "plumb-common.egress" . | trim | nindent 4 }}
{{ end -}}
