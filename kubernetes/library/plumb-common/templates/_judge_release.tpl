{{/* Is a port known? Takes v, where, component, port. */}}
{{- define "plumb-common.judgePort" -}}
{{- $ports := (get .v.components .component).ports | default dict -}}
{{- if not (hasKey $ports .port) }}
{{ .where }} is {{ .port }}, which is no port of component {{ .component }}; allowed: {{ keys $ports | sortAlpha | join ", " | default "none" }}
{{- end }}
{{- end -}}

{{/* Takes where, end, kinds (which of service, cidr, home, internet are allowed). */}}
{{- define "plumb-common.judgeEnd" -}}
{{- $given := list -}}
{{- range .kinds }}
{{- if get $.end . }}
{{- $given = append $given . }}
{{- end }}
{{- end }}
{{- if ne (len $given) 1 }}
{{ .where }} has {{ join " and " $given | default "none" }} of {{ join ", " .kinds }}; give exactly one
{{- else if and .end.service (not .end.namespace) }}
{{ .where }} has service {{ .end.service }} without namespace; say in which namespace it runs
{{- end }}
{{- if and .end.except (not .end.cidr) }}
{{ .where }} has except without cidr; leave it out
{{- end }}
{{- end -}}

{{- define "plumb-common.judgeNetwork" -}}
{{- $primary := include "plumb-common.primary" . -}}
{{- range $at, $flow := .v.network.flows }}
{{- range $to := $flow.to }}
{{- range $flow.ports }}
{{- include "plumb-common.judgePort" (dict "v" $.v "where" (printf "network.flows[%d].ports" $at) "component" $to "port" .) }}
{{- end }}
{{- end }}
{{- end }}
{{- range $at, $rule := .v.network.ingress }}
{{- $where := printf "network.ingress[%d]" $at }}
{{- include "plumb-common.judgeEnd" (dict "where" (printf "%s.from" $where) "end" $rule.from "kinds" (list "service" "cidr" "home")) }}
{{- range $to := $rule.to | default (list $primary) }}
{{- range $rule.ports }}
{{- include "plumb-common.judgePort" (dict "v" $.v "where" (printf "%s.ports" $where) "component" $to "port" .) }}
{{- end }}
{{- end }}
{{- end }}
{{- range $at, $rule := .v.network.egress }}
{{- $where := printf "network.egress[%d]" $at }}
{{- include "plumb-common.judgeEnd" (dict "where" (printf "%s.to" $where) "end" $rule.to "kinds" (list "service" "cidr" "home" "internet")) }}
{{- if not (or $rule.ports $rule.udpPorts) }}
{{ $where }} names no port, which would open them all; give ports or udpPorts
{{- end }}
{{- end }}
{{- end -}}

{{- define "plumb-common.judgeRoutes" -}}
{{- $seen := dict -}}
{{- range $key, $route := .v.routes }}
{{- $where := printf "routes.%s" $key }}
{{- if and $route.paths (or $route.port $route.path $route.component) }}
{{ $where }} has paths and also port, path or component; give either paths, or port with path and component
{{- else if not (or $route.paths $route.port) }}
{{ $where }} leads nowhere: it has neither port nor paths; give the name of a port
{{- else }}
{{- range $route.paths | default (list $route) }}
{{- $component := .component | default (include "plumb-common.primary" $) }}
{{- include "plumb-common.judgePort" (dict "v" $.v "where" (printf "%s.port" $where) "component" $component "port" .port) }}
{{- $claim := printf "%s%s" $route.host (.path | default "/") }}
{{- if hasKey $seen $claim }}
{{ $where }} claims host {{ $route.host | quote }}, path {{ .path | default "/" }}, as routes.{{ get $seen $claim }} does; give one of them another host or path
{{- end }}
{{- $_ := set $seen $claim $key }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "plumb-common.judgeSecrets" -}}
{{- range $name, $secret := .v.secrets }}
{{- $via := include "plumb-common.via" (merge (dict "secret" $secret) $) }}
{{- if and $secret.files (eq $via "existing") }}
secrets.{{ $name }}.files needs the agent, but it comes via existing; use via: agent, or take single keys
{{- end }}
{{- if not (or $secret.keys $secret.files) }}
secrets.{{ $name }} has neither keys nor files, so nothing can be taken from it; name its keys
{{- end }}
{{- range $secret.keys }}
{{- if gt (len (printf "%s-%s" $name .)) 41 }}
secrets.{{ $name }} with key {{ . }} is longer than the 41 characters that the agent's annotations leave; shorten one
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Agent and existing Secrets put their files into the same folder: a pod can have only one of them. */}}
{{- define "plumb-common.judgeFolder" -}}
{{- $agent := include "plumb-common.agentSecrets" . -}}
{{- $items := include "plumb-common.secretItems" . -}}
{{- if and $agent $items }}
{{ .where }} takes files from secrets via agent ({{ $agent | replace " " ", " }}) and from others via existing, but both are mounted at /vault/secrets; let all of them come one way
{{- end }}
{{- end -}}

{{- define "plumb-common.judgeTest" -}}
{{- $name := include "plumb-common.testedComponent" . -}}
{{- $port := include "plumb-common.testedPort" . -}}
{{- if $port }}
{{- include "plumb-common.judgePort" (dict "v" .v "where" "test.port (or the readiness probe's port)" "component" $name "port" $port) }}
{{- else if not .v.test.command }}
test has nothing to ask: component {{ $name }} has no TCP port; give test.component or test.command
{{- end }}
{{- if include "plumb-common.moving" .v.test.image.tag }}
test.image.tag is {{ .v.test.image.tag }}, which moves; give a version
{{- end }}
{{- end -}}

{{/* Non-empty if a tag names no version. Takes a tag. */}}
{{- define "plumb-common.moving" -}}
{{- if regexMatch "^(latest|stable|main|master|edge|nightly|dev|develop|canary|beta|release|production|prod)$" . }}true{{ end -}}
{{- end -}}
