{{/* How a secret arrives: agent or existing. Takes `secret` besides the context. */}}
{{- define "plumb-common.via" -}}
{{- .secret.via | default .v.vault.via -}}
{{- end -}}

{{/* Name of the Secret with a secret's keys. Takes `secretName` besides the context. */}}
{{- define "plumb-common.secretObject" -}}
{{- (get .v.secrets .secretName).existing | default (printf "%s-%s" .root.Release.Name .secretName) -}}
{{- end -}}

{{/* The `secret/key`s that a component needs as files, sorted, one a line. */}}
{{- define "plumb-common.secretFiles" -}}
{{- $wanted := list -}}
{{- range $env := prepend (.c.init | default list) .c }}
{{- range values ($env.secretFileEnv | default dict) }}
{{- $wanted = append $wanted . }}
{{- end }}
{{- end }}
{{- range $name := .c.secretFiles }}
{{- range (get $.v.secrets $name).keys }}
{{- $wanted = append $wanted (printf "%s/%s" $name .) }}
{{- end }}
{{- end }}
{{- $wanted | uniq | sortAlpha | join "\n" -}}
{{- end -}}

{{/* Names of the secrets that a component takes through the agent, separated by spaces; empty for none. */}}
{{- define "plumb-common.agentSecrets" -}}
{{- $names := list -}}
{{- range splitList "\n" (include "plumb-common.secretFiles" .) | compact }}
{{- $names = append $names (splitList "/" . | first) }}
{{- end }}
{{- $agent := list }}
{{- range concat $names (.c.secretFiles | default list) | uniq | sortAlpha }}
{{- if eq (include "plumb-common.via" (merge (dict "secret" (get $.v.secrets .)) $)) "agent" }}
{{- $agent = append $agent . }}
{{- end }}
{{- end }}
{{- $agent | join " " -}}
{{- end -}}

{{/* What tells the Vault Agent Injector which files to put below /vault/secrets. */}}
{{- define "plumb-common.agentAnnotations" -}}
{{- $agent := splitList " " (include "plumb-common.agentSecrets" .) | compact -}}
{{- if $agent }}
vault.hashicorp.com/agent-inject: "true"
vault.hashicorp.com/role: {{ .v.vault.role | default .root.Chart.Name }}
vault.hashicorp.com/agent-run-as-user: {{ include "plumb-common.user" . | quote }}
vault.hashicorp.com/agent-run-as-group: {{ include "plumb-common.group" . | quote }}
vault.hashicorp.com/agent-service-account-token-volume-name: vault-token
vault.hashicorp.com/agent-requests-cpu: 10m
vault.hashicorp.com/agent-requests-mem: 32Mi
vault.hashicorp.com/agent-limits-mem: 128Mi
{{- if .c.init }}
vault.hashicorp.com/agent-init-first: "true"
{{- end }}
{{- if not (include "plumb-common.lasting" .) }}
vault.hashicorp.com/agent-pre-populate-only: "true"
{{- end }}
{{- range splitList "\n" (include "plumb-common.secretFiles" .) | compact }}
{{- $name := splitList "/" . | first }}
{{- $key := splitList "/" . | last }}
{{- if has $name $agent }}
{{- $path := (get $.v.secrets $name).path }}
{{- $template := printf "{{- with secret %q -}}{{ index .Data.data %q }}{{- end -}}" $path $key }}
{{- include "plumb-common.agentFile" (dict "path" $path "file" (printf "%s-%s" $name $key) "template" $template) }}
{{- end }}
{{- end }}
{{- range $name := .c.secretFiles }}
{{- $secret := get $.v.secrets $name }}
{{- range $file, $template := $secret.files }}
{{- include "plumb-common.agentFile" (dict "path" $secret.path "file" $file "template" $template) }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* One file. Takes path, file, template. */}}
{{- define "plumb-common.agentFile" }}
vault.hashicorp.com/agent-inject-secret-{{ .file | lower }}: {{ .path }}
vault.hashicorp.com/agent-inject-file-{{ .file | lower }}: {{ .file }}
vault.hashicorp.com/agent-inject-template-{{ .file | lower }}: {{ .template | toJson }}
{{- end -}}

{{/*
The injector logs in with a token of the pod. It is handed one in a volume of its own, so that the application's container
needs none. Secrets that exist already lie where the agent would have put them.
*/}}
{{- define "plumb-common.secretVolumes" -}}
{{- if include "plumb-common.agentSecrets" . }}
- name: vault-token
  projected:
    sources:
      - serviceAccountToken:
          path: token
          expirationSeconds: 3600
{{- end }}
{{- with include "plumb-common.secretItems" . }}
- name: secret-files
  projected:
    defaultMode: 0440
    sources:
      {{- . | nindent 6 }}
{{- end }}
{{- end -}}

{{- define "plumb-common.secretItems" -}}
{{- $agent := splitList " " (include "plumb-common.agentSecrets" .) }}
{{- range splitList "\n" (include "plumb-common.secretFiles" .) | compact }}
{{- $name := splitList "/" . | first }}
{{- $key := splitList "/" . | last }}
{{- if not (has $name $agent) }}
- secret:
    name: {{ include "plumb-common.secretObject" (merge (dict "secretName" $name) $) }}
    items: [{ key: {{ $key }}, path: {{ $name }}-{{ $key }} }]
{{- end }}
{{- end }}
{{- end -}}

{{- define "plumb-common.secretMounts" -}}
{{- if include "plumb-common.secretItems" . }}
- name: secret-files
  mountPath: /vault/secrets
  readOnly: true
{{- end }}
{{- end -}}
