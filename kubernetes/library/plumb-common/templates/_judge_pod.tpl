{{- define "plumb-common.judgeStorage" -}}
{{- $tied := include "plumb-common.tiedToNode" . -}}
{{- if and $tied (eq .kind "Deployment") (gt (dig "replicas" 1 .c | int) 1) }}
{{ .where }}.replicas is {{ .c.replicas }} with a claim that one node can mount; use kind StatefulSet, or accessModes [ReadWriteMany]
{{- end }}
{{- if and $tied (eq (.c.strategy | default "Recreate") "RollingUpdate") }}
{{ .where }}.strategy is RollingUpdate with a claim that one node can mount: the new pod would wait for the old one for ever; use Recreate
{{- end }}
{{- if and $tied (eq .kind "DaemonSet") }}
{{ .where }}.storage of a DaemonSet would be mounted on every node; use accessModes [ReadWriteMany], or volumes
{{- end }}
{{- $paths := list (list "/vault/secrets" "secrets") -}}
{{- range $key, $claim := .c.storage }}
{{- $where := printf "storage.%s" $key }}
{{- if eq (empty $claim.path) (empty $claim.paths) }}
{{ $.where }}.{{ $where }} has {{ if $claim.path }}path and paths{{ else }}neither path nor paths{{ end }}; give exactly one
{{- end }}
{{- if eq (empty $claim.size) (empty $claim.existingClaim) }}
{{ $.where }}.{{ $where }} has {{ if $claim.size }}size and existingClaim{{ else }}neither size nor existingClaim{{ end }}; give exactly one
{{- end }}
{{- range concat ($claim.paths | default list) (list $claim) }}
{{- if .path }}
{{- $paths = append $paths (list .path $where) }}
{{- end }}
{{- end }}
{{- end }}
{{- range $key, $dir := .c.writable }}
{{- $paths = append $paths (list $dir.path (printf "writable.%s" $key)) }}
{{- end }}
{{- range $path, $_ := .c.configFiles }}
{{- $paths = append $paths (list $path "configFiles") }}
{{- end }}
{{- range $key, $volume := .c.volumes }}
{{- $sources := list }}
{{- range list "configMap" "secret" "claim" "hostPath" }}
{{- if get $volume . }}
{{- $sources = append $sources . }}
{{- end }}
{{- end }}
{{- if ne (len $sources) 1 }}
{{ $.where }}.volumes.{{ $key }} has {{ join " and " $sources | default "none" }} of configMap, secret, claim, hostPath; give exactly one
{{- end }}
{{- $paths = append $paths (list $volume.path (printf "volumes.%s" $key)) }}
{{- end }}
{{- include "plumb-common.judgeMounts" (dict "where" .where "paths" $paths) }}
{{- $names := concat (keys (.c.storage | default dict)) (keys (.c.writable | default dict)) (keys (.c.volumes | default dict)) (list "config-files" "secret-files" "vault-token") | sortAlpha }}
{{- range $at, $name := $names }}
{{- if and $at (eq $name (index $names (sub $at 1 | int))) }}
{{ $.where }} has two volumes with the name {{ $name }} among storage, writable and volumes (or the library's own); rename one
{{- end }}
{{- end }}
{{- end -}}

{{/* Takes where, paths (each path and who mounts it). */}}
{{- define "plumb-common.judgeMounts" -}}
{{- $seen := dict -}}
{{- range .paths }}
{{- $path := first . }}
{{- if hasKey $seen $path }}
{{ $.where }}.{{ last . }} mounts {{ $path }}, as {{ get $seen $path }} does; a path is mounted once
{{- end }}
{{- $_ := set $seen $path (last .) }}
{{- end }}
{{- end -}}

{{- define "plumb-common.judgeEnv" -}}
{{- range $env := prepend (.c.init | default list) .c }}
{{- $where := ternary (printf "%s.init %s" $.where ($env.name | default "")) $.where (hasKey $env "name") }}
{{- $kinds := dict }}
{{- range $kind := list "fieldEnv" "secretEnv" "secretFileEnv" "env" }}
{{- range $name := keys (get $env $kind | default dict) | sortAlpha }}
{{- if hasKey $kinds $name }}
{{ $where }}.{{ $kind }} sets {{ $name }}, as {{ get $kinds $name }} does; set it once
{{- end }}
{{- $_ := set $kinds $name $kind }}
{{- end }}
{{- end }}
{{- range $name, $ref := $env.secretEnv }}
{{- include "plumb-common.judgeVia" (merge (dict "at" (printf "%s.secretEnv.%s" $where $name) "secretName" (splitList "/" $ref | first)) (omit $ "at")) }}
{{- end }}
{{- range $env.envFrom }}
{{- include "plumb-common.judgeVia" (merge (dict "at" (printf "%s.envFrom" $where) "secretName" .) (omit $ "at")) }}
{{- end }}
{{- range $name, $value := $env.env }}
{{- range regexFindAll "(^|[^$])\\$\\([A-Za-z_][A-Za-z0-9_]*\\)" (toString $value) -1 }}
{{- $other := regexReplaceAll "^[^(]*\\(|\\)$" . "" }}
{{- $late := and (eq (get $kinds $other) "env") (contains "$(" (get $env.env $other | toString)) }}
{{- if and (not (hasKey $kinds $other)) (not $env.envFrom) }}
{{ $where }}.env.{{ $name }} uses $({{ $other }}), which nothing sets; allowed: {{ without (keys $kinds | sortAlpha) $name | join ", " | default "none" }}
{{- else if and $late (ge $other $name) }}
{{ $where }}.env.{{ $name }} uses $({{ $other }}), which is set after it; write its value out
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Takes `at` and `secretName` besides the context. */}}
{{- define "plumb-common.judgeVia" -}}
{{- if eq "agent" (include "plumb-common.via" (merge (dict "secret" (get .v.secrets .secretName)) .)) }}
{{ .at }} takes a variable from secret {{ .secretName }}, which comes via agent, which writes files only; use secretFileEnv, or secrets.{{ .secretName }}.via: existing
{{- end }}
{{- end -}}

{{- define "plumb-common.judgeRules" -}}
{{- range $list := list "rbac" "clusterRbac" }}
{{- range $at, $rule := index $.c $list }}
{{- $objects := and $rule.apiGroups $rule.resources }}
{{- if not (or $objects $rule.nonResourceURLs) }}
{{ $.where }}.{{ $list }}[{{ $at }}] names no apiGroups with resources{{ if eq $list "clusterRbac" }}, nor nonResourceURLs{{ end }}; say what it is about
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "plumb-common.judgePlaceholders" -}}
{{- $texts := dict "command" .c.command "args" .c.args "env" .c.env "configFiles" .c.configFiles "init" .c.init -}}
{{- if eq .name (include "plumb-common.primary" .) }}
{{- $_ := set $texts "test.command" .v.test.command }}
{{- end }}
{{- $main := hasKey (.v.routes | default dict) "main" }}
{{- range $key, $text := $texts }}
{{- range regexFindAll "@[a-z]+@" (toJson $text) -1 | uniq | sortAlpha }}
{{- if not (has . (list "@domain@" "@host@" "@namespace@" "@release@" "@url@")) }}
{{ $.where }}.{{ $key }} has the placeholder {{ . }}; allowed: @domain@, @host@, @namespace@, @release@, @url@
{{- else if and (not $main) (has . (list "@host@" "@url@")) }}
{{ $.where }}.{{ $key }} has the placeholder {{ . }}, but there is no route main; add routes.main, or write the name out
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
