{{/*
Everything. A chart's only template is {{ include "plumb-common.all" . }}.

Templates below take one dict, the context:
  root  the chart's own scope (Chart, Release, Values)
  v     the values below plumb-common
  name  the component's name          (only where one component is meant)
  c     the component's values
  kind  its workload's kind
  full  the name of its objects
*/}}
{{- define "plumb-common.all" -}}
{{- $extra := without (keys .Values | sortAlpha) "plumb-common" "global" -}}
{{- if $extra -}}
  {{- fail (printf "Cannot render %s: its values have %s at the top; all values lie below the key plumb-common" .Chart.Name ($extra | join ", ")) -}}
{{- end -}}
{{- $v := index .Values "plumb-common" -}}
{{- $all := dict "root" . "v" $v -}}
{{- include "plumb-common.judge" $all -}}
{{- range $name := keys $v.components | sortAlpha }}
{{- $c := get $v.components $name }}
{{- $full := include "plumb-common.fullname" (merge (dict "name" $name) $all) }}
{{- $ctx := merge (dict "name" $name "c" $c "kind" (dig "kind" "Deployment" $c) "full" $full) $all }}
{{- include "plumb-common.account" $ctx }}
{{- include "plumb-common.config" $ctx }}
{{- include "plumb-common.claims" $ctx }}
{{- include "plumb-common.services" $ctx }}
{{- include "plumb-common.workload" $ctx }}
{{- include "plumb-common.policy" $ctx }}
{{- include "plumb-common.disruption" $ctx }}
{{- include "plumb-common.monitor" $ctx }}
{{- end }}
{{- include "plumb-common.routes" $all }}
{{- include "plumb-common.test" $all }}
{{- end -}}
