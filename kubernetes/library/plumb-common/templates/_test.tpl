{{- define "plumb-common.testedComponent" -}}
{{- .v.test.component | default (include "plumb-common.primary" .) -}}
{{- end -}}

{{/* Name of the port that the test asks; empty for none. */}}
{{- define "plumb-common.testedPort" -}}
{{- $c := get .v.components (include "plumb-common.testedComponent" .) -}}
{{- .v.test.port | default (include "plumb-common.healthPort" (dict "c" $c)) -}}
{{- end -}}

{{/* What the test runs: it asks the health of the service at its Service, as a client would. */}}
{{- define "plumb-common.testCommand" -}}
{{- $name := include "plumb-common.testedComponent" . -}}
{{- $c := get .v.components $name -}}
{{- $host := printf "%s.%s.svc" (include "plumb-common.fullname" (merge (dict "name" $name) .)) .root.Release.Namespace -}}
{{- $portName := include "plumb-common.testedPort" . -}}
{{- $http := dig "probes" "readiness" "http" dict $c -}}
{{- if .v.test.command -}}
{{ include "plumb-common.fillAll" (merge (dict "list" .v.test.command) .) | trim }}
{{- else -}}
{{- $port := get $c.ports $portName -}}
{{- $number := $port.service | default $port.port -}}
{{- if or .v.test.path $http -}}
{{- $scheme := dig "scheme" "http" $http | lower -}}
- wget
- -q
- -T
- "10"
- -O
- /dev/null
{{- if eq $scheme "https" }}
- --no-check-certificate
{{- end }}
- {{ printf "%s://%s:%v%s" $scheme $host $number (.v.test.path | default $http.path) | quote }}
{{- else -}}
- nc
- -z
- -w
- "10"
- {{ $host }}
- {{ $number | quote }}
{{- end }}
{{- end -}}
{{- end -}}

{{/* The helm test: a pod of its own, which no Service and no other policy selects. */}}
{{- define "plumb-common.test" -}}
{{- $full := printf "%s-test" .root.Release.Name -}}
{{- $ctx := merge (dict "name" "test" "object" $full) . }}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "plumb-common.meta" $ctx | nindent 2 }}
automountServiceAccountToken: false
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "plumb-common.meta" $ctx | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "plumb-common.selector" $ctx | nindent 6 }}
  policyTypes: [Ingress, Egress]
  egress:
    {{- include "plumb-common.dnsEgress" . | nindent 4 }}
    {{- with include "plumb-common.testedPort" . }}
    {{- $tested := include "plumb-common.testedComponent" $ }}
    - to:
        {{- include "plumb-common.ownPeer" (merge (dict "of" $tested) $) | nindent 8 }}
      ports:
        {{- include "plumb-common.policyPorts" (merge (dict "of" $tested "names" (list .)) $) | trim | nindent 8 }}
    {{- end }}
---
apiVersion: v1
kind: Pod
metadata:
  {{- include "plumb-common.meta" $ctx | nindent 2 }}
  annotations:
    helm.sh/hook: test
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  serviceAccountName: {{ $full }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  restartPolicy: Never
  securityContext:
    {{- include "plumb-common.podSecurity" (dict "c" dict) | nindent 4 }}
  containers:
    - name: test
      image: {{ include "plumb-common.image" .v.test.image }}
      imagePullPolicy: IfNotPresent
      command:
        {{- include "plumb-common.testCommand" . | nindent 8 }}
      resources:
        requests: { cpu: 10m, memory: 16Mi }
        limits: { memory: 32Mi }
      securityContext:
        {{- include "plumb-common.containerSecurity" (dict "c" dict) | nindent 8 }}
{{ end -}}
