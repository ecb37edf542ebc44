{{/*
Rules across fields, which a schema cannot say. Every problem is one line: what, why, what to do instead. All are reported
at once. What refers to something is judged before the objects are made, since they would fail with less to say.
*/}}
{{- define "plumb-common.judge" -}}
{{- $problems := include "plumb-common.judgeParts" . | trim -}}
{{- if not $problems -}}
  {{- $problems = include "plumb-common.judgeAll" . | trim -}}
{{- end -}}
{{- if $problems -}}
  {{- fail (printf "Cannot render %s:\n%s\n" .root.Chart.Name (regexReplaceAll "\n\\s*" (printf "\n%s" $problems) "\n- ")) -}}
{{- end -}}
{{- end -}}

{{/* Do the parts that values refer to exist? */}}
{{- define "plumb-common.judgeParts" -}}
{{- $components := keys .v.components | sortAlpha -}}
{{- if and (gt (len $components) 1) (not .v.primary) }}
primary is missing: with several components one must bear the release's own name; allowed: {{ join ", " $components }}
{{- end }}
{{- $refs := list (list "primary" .v.primary) (list "test.component" .v.test.component) -}}
{{- range $key, $route := .v.routes }}
{{- $refs = append $refs (list (printf "routes.%s.component" $key) $route.component) }}
{{- range $at, $path := $route.paths }}
{{- $refs = append $refs (list (printf "routes.%s.paths[%d].component" $key $at) $path.component) }}
{{- end }}
{{- end }}
{{- range $at, $database := .v.databases }}
{{- range $database.from }}
{{- $refs = append $refs (list (printf "databases[%d].from" $at) .) }}
{{- end }}
{{- end }}
{{- range $list := list "flows" "ingress" "egress" }}
{{- range $at, $rule := index $.v.network $list }}
{{- $ends := dict "from" $rule.from "to" $rule.to }}
{{- range $end, $names := $ends }}
{{- if kindIs "slice" $names }}
{{- range $names }}
{{- $refs = append $refs (list (printf "network.%s[%d].%s" $list $at $end) .) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- range $refs }}
{{- $name := last . }}
{{- if and $name (not (has $name $components)) }}
{{ first . }} is {{ $name }}, which is no component; allowed: {{ join ", " $components }}
{{- end }}
{{- end }}
{{- range $name, $c := .v.components }}
{{- $where := printf "components.%s" $name }}
{{- range $env := prepend ($c.init | default list) $c }}
{{- range $key := list "secretEnv" "secretFileEnv" }}
{{- range $variable, $ref := index $env $key }}
{{- include "plumb-common.judgeSecret" (dict "v" $.v "where" (printf "%s.%s.%s" $where $key $variable) "secret" (splitList "/" $ref | first) "key" (splitList "/" $ref | last)) }}
{{- end }}
{{- end }}
{{- end }}
{{- range $key := list "secretFiles" "envFrom" }}
{{- range index $c $key }}
{{- include "plumb-common.judgeSecret" (dict "v" $.v "where" (printf "%s.%s" $where $key) "secret" .) }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Is a secret declared, with this key? Takes v, where, secret, key. */}}
{{- define "plumb-common.judgeSecret" -}}
{{- $secret := get .v.secrets .secret -}}
{{- if not $secret }}
{{ .where }} refers to secret {{ .secret }}, which secrets does not declare; allowed: {{ keys .v.secrets | sortAlpha | join ", " | default "none" }}
{{- else if and .key (not (has .key ($secret.keys | default list))) }}
{{ .where }} refers to key {{ .key }} of secret {{ .secret }}; allowed (secrets.{{ .secret }}.keys): {{ $secret.keys | default list | join ", " | default "none" }}
{{- end }}
{{- end -}}

{{- define "plumb-common.judgeAll" -}}
{{- include "plumb-common.judgeNetwork" . }}
{{- include "plumb-common.judgeRoutes" . }}
{{- include "plumb-common.judgeSecrets" . }}
{{- include "plumb-common.judgeTest" . }}
{{- range $name := keys .v.components | sortAlpha }}
{{- $c := get $.v.components $name }}
{{- $full := include "plumb-common.fullname" (merge (dict "name" $name) $) }}
{{- $ctx := merge (dict "name" $name "c" $c "kind" (dig "kind" "Deployment" $c) "full" $full "where" (printf "components.%s" $name)) $ }}
{{- include "plumb-common.judgeKind" $ctx }}
{{- include "plumb-common.judgeImages" $ctx }}
{{- include "plumb-common.judgePorts" $ctx }}
{{- include "plumb-common.judgeProbes" $ctx }}
{{- include "plumb-common.judgeSecurity" $ctx }}
{{- include "plumb-common.judgeStorage" $ctx }}
{{- include "plumb-common.judgeEnv" $ctx }}
{{- include "plumb-common.judgeFolder" $ctx }}
{{- include "plumb-common.judgeRules" $ctx }}
{{- include "plumb-common.judgePlaceholders" $ctx }}
{{- end }}
{{- end -}}
