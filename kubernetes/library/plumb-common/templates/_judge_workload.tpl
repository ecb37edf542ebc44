{{/* Keys that only some kinds of workload know. */}}
{{- define "plumb-common.judgeKind" -}}
{{- $kinds := dict
  "replicas" (list "Deployment" "StatefulSet")
  "pdb" (list "Deployment" "StatefulSet")
  "strategy" (list "Deployment")
  "podManagement" (list "StatefulSet")
  "schedule" (list "CronJob")
  "timeZone" (list "CronJob")
  "concurrency" (list "CronJob")
  "history" (list "CronJob")
  "deadline" (list "CronJob" "Job")
  "retries" (list "CronJob" "Job")
  "probes" (list "Deployment" "StatefulSet" "DaemonSet") -}}
{{- range $key, $allowed := $kinds }}
{{- if and (hasKey $.c $key) (not (has $.kind $allowed)) }}
{{ $.where }}.{{ $key }} means nothing for a {{ $.kind }}; leave it out (it is for {{ join ", " $allowed }})
{{- end }}
{{- end }}
{{- if and (eq .kind "CronJob") (not .c.schedule) }}
{{ .where }}.schedule is missing; say when the CronJob runs, such as "15 3 * * *"
{{- end }}
{{- if gt (len .full) 52 }}
{{ .where }} gives its objects the name {{ .full }}, longer than 52 characters; shorten the component's or the release's name
{{- end }}
{{- $replicas := dig "replicas" 1 .c | int }}
{{- $min := dig "pdb" "minAvailable" 0 .c | int }}
{{- if and $min (dig "pdb" "maxUnavailable" 0 .c) }}
{{ .where }}.pdb has minAvailable and maxUnavailable; give exactly one
{{- end }}
{{- if and $min (le $replicas $min) }}
{{ .where }}.pdb.minAvailable is {{ $min }} with {{ $replicas }} replica{{ if ne $replicas 1 }}s{{ end }}, which blocks every drain; leave it out (maxUnavailable 1), or have more replicas
{{- end }}
{{- end -}}

{{- define "plumb-common.judgeImages" -}}
{{- if include "plumb-common.moving" .c.image.tag }}
{{ .where }}.image.tag is {{ .c.image.tag }}, which moves; give a version
{{- end }}
{{- range .c.init }}
{{- if .image }}
{{- if include "plumb-common.moving" .image.tag }}
{{ $.where }}.init {{ .name }}: image.tag is {{ .image.tag }}, which moves; give a version
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "plumb-common.judgePorts" -}}
{{- $type := dig "service" "type" "ClusterIP" .c -}}
{{- $own := dict -}}
{{- $offered := dict -}}
{{- range $name, $port := .c.ports }}
{{- $where := printf "%s.ports.%s" $.where $name }}
{{- $protocol := $port.protocol | default "TCP" }}
{{- $claim := printf "%v/%s" $port.port $protocol }}
{{- $offer := printf "%v/%s" ($port.service | default $port.port) $protocol }}
{{- if hasKey $own $claim }}
{{ $where }}.port is {{ $claim }}, as that of port {{ get $own $claim }}; a container has each port once
{{- else if hasKey $offered $offer }}
{{ $where }}.service is {{ $offer }}, as that of port {{ get $offered $offer }}; a Service has each port once
{{- end }}
{{- $_ := set $own $claim $name }}
{{- $_ := set $offered $offer $name }}
{{- if and $port.nodePort (eq $type "ClusterIP") }}
{{ $where }}.nodePort needs service.type NodePort or LoadBalancer, but it is ClusterIP
{{- end }}
{{- if and $port.metrics (eq $protocol "UDP") }}
{{ $where }}.metrics needs protocol TCP
{{- end }}
{{- end }}
{{- if and (dig "service" "headless" false .c) (ne $type "ClusterIP") }}
{{ .where }}.service is headless and of type {{ $type }}; only a ClusterIP Service can be headless
{{- end }}
{{- end -}}

{{- define "plumb-common.judgeProbes" -}}
{{- if include "plumb-common.lasting" . }}
{{- range $name := list "liveness" "readiness" "startup" }}
{{- $where := printf "%s.probes.%s" $.where $name }}
{{- $probe := dig "probes" $name dict $.c }}
{{- $given := list }}
{{- range list "http" "tcp" "exec" "grpc" }}
{{- with get $probe . }}
{{- with .port }}
{{- include "plumb-common.judgePort" (dict "v" $.v "where" (printf "%s port" $where) "component" $.name "port" .) }}
{{- end }}
{{- end }}
{{- if hasKey $probe . }}
{{- $given = append $given . }}
{{- end }}
{{- end }}
{{- if and (not $probe) (not (dig "exceptions" "probes" "" $.c)) }}
{{ $where }} is missing; give one of http, tcp, exec, grpc, or exceptions.probes with a reason
{{- else if and $probe (ne (len $given) 1) }}
{{ $where }} has {{ join " and " $given | default "none" }} of http, tcp, exec, grpc; give exactly one
{{- end }}
{{- end }}
{{- if not (or (include "plumb-common.metricsPorts" .) (include "plumb-common.healthPort" .) (dig "exceptions" "monitoring" "" .c)) }}
{{ .where }} cannot be watched: it has no port with metrics and none whose health can be asked; give one, or exceptions.monitoring with a reason
{{- end }}
{{- end }}
{{- end -}}

{{/* Whatever loosens the rules needs an exception; an exception that nothing needs is out of date. */}}
{{- define "plumb-common.judgeSecurity" -}}
{{- $hostPorts := list -}}
{{- range .c.ports }}
{{- $hostPorts = concat $hostPorts (list .hostPort | compact) }}
{{- end }}
{{- $hostPaths := list -}}
{{- range .c.volumes }}
{{- $hostPaths = concat $hostPaths (list .hostPath | compact) }}
{{- end }}
{{- $root := or (not (dig "security" "nonRoot" true .c)) (eq "0" (include "plumb-common.user" .)) }}
{{- $probes := .c.probes | default dict }}
{{- $probeless := and (include "plumb-common.lasting" .) (not (and $probes.liveness $probes.readiness $probes.startup)) }}
{{- $unwatched := and (include "plumb-common.lasting" .) (not (include "plumb-common.metricsPorts" .)) }}
{{- $needs := dict
  "root" (ternary "security.user 0 or security.nonRoot false" "" $root)
  "writableRoot" (ternary "" "security.readOnlyRoot false" (dig "security" "readOnlyRoot" true .c))
  "capabilities" (ternary "security.capabilities" "" (not (empty (dig "security" "capabilities" list .c))))
  "hostPort" (ternary "ports with hostPort" "" (not (empty $hostPorts)))
  "hostNetwork" (ternary "hostNetwork" "" (not (empty .c.hostNetwork)))
  "hostPath" (ternary "volumes with hostPath" "" (not (empty $hostPaths)))
  "clusterRole" (ternary "clusterRbac" "" (not (empty .c.clusterRbac)))
  "probes" (ternary "missing probes" "" (not (empty $probeless)))
  "monitoring" (ternary "no metrics" "" (not (empty $unwatched))) -}}
{{- range $key, $need := $needs }}
{{- $excused := dig "exceptions" $key "" $.c }}
{{- if and $need (not $excused) (not (has $key (list "probes" "monitoring"))) }}
{{ $.where }} has {{ $need }}, which is refused; do without, or give exceptions.{{ $key }} with reason and until
{{- else if and $excused (not $need) }}
{{ $.where }}.exceptions.{{ $key }} is not needed; take it out
{{- end }}
{{- end }}
{{- end -}}
