{{- define "gatehouse.labels" -}}
app.kubernetes.io/name: gatehouse
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{/* Of one component: (list $ "serve") */}}
{{- define "gatehouse.selector" -}}
app.kubernetes.io/name: gatehouse
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "gatehouse.name" -}}
{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- end }}

{{- define "gatehouse.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
{{- end }}

{{- define "gatehouse.host" -}}
{{ .Values.ingress.host | default (urlParse .Values.settings.PUBLIC_URL).hostname }}
{{- end }}

{{/* What the restricted pod security standard asks for. */}}
{{- define "gatehouse.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65534
runAsGroup: 65534
fsGroup: 65534
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "gatehouse.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* What every pod has: image pull, account, where it may run. */}}
{{- define "gatehouse.pod" -}}
serviceAccountName: {{ include "gatehouse.name" . }}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  {{- include "gatehouse.podSecurity" . | nindent 2 }}
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Certificate authorities that all processes trust besides Node's, of a ConfigMap: three parts of a pod. */}}
{{- define "gatehouse.authoritiesVariable" -}}
- { name: NODE_EXTRA_CA_CERTS, value: /etc/gatehouse-authorities/ca.crt }
{{- end }}
{{- define "gatehouse.authoritiesMount" -}}
- { name: authorities, mountPath: /etc/gatehouse-authorities, readOnly: true }
{{- end }}
{{- define "gatehouse.authoritiesVolume" -}}
- name: authorities
  configMap: { name: {{ .Values.authorities.configMap }} }
{{- end }}

{{/* The pod of serve and worker: (list $ "serve") */}}
{{- define "gatehouse.service" -}}
{{- $ := index . 0 }}
{{- $component := index . 1 }}
{{- include "gatehouse.pod" $ }}
# SHUTDOWN_DELAY_MS, then requests in progress finish; it ends within 30 s.
terminationGracePeriodSeconds: 35
topologySpreadConstraints:
  {{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ $key }}
    whenUnsatisfiable: {{ $.Values.topologySpread.whenUnsatisfiable }}
    labelSelector:
      matchLabels:
        {{- include "gatehouse.selector" (list $ $component) | nindent 8 }}
    matchLabelKeys: [pod-template-hash]
  {{- end }}
containers:
  - name: {{ $component }}
    image: {{ include "gatehouse.image" $ }}
    imagePullPolicy: {{ $.Values.image.pullPolicy }}
    args: [{{ $component }}]
    env:
      {{- range $name, $value := $.Values.settings }}
      - { name: {{ $name }}, value: {{ $value | quote }} }
      {{- end }}
      {{- range $.Values.secret.keys }}
      - { name: {{ . }}_FILE, value: /run/secrets/gatehouse/{{ . }} }
      {{- end }}
      {{- if $.Values.authorities.configMap }}
      {{- include "gatehouse.authoritiesVariable" $ | nindent 6 }}
      {{- end }}
    ports:
      {{- if eq $component "serve" }}
      - { name: http, containerPort: 8080 }
      {{- end }}
      - { name: admin, containerPort: 8081 }
    # The database may take its time: until it is there, the process waits and is not restarted.
    startupProbe:
      httpGet: { path: /livez, port: admin }
      periodSeconds: 2
      failureThreshold: 30
    livenessProbe:
      httpGet: { path: /livez, port: admin }
      periodSeconds: 10
      timeoutSeconds: 5
      failureThreshold: 6
    readinessProbe:
      httpGet: { path: /readyz, port: admin }
      periodSeconds: 1
      timeoutSeconds: 3
      failureThreshold: 2
    resources: {{ toYaml (index $.Values $component).resources | nindent 6 }}
    securityContext:
      {{- include "gatehouse.containerSecurity" $ | nindent 6 }}
    volumeMounts:
      - { name: secrets, mountPath: /run/secrets/gatehouse, readOnly: true }
      {{- if $.Values.authorities.configMap }}
      {{- include "gatehouse.authoritiesMount" $ | nindent 6 }}
      {{- end }}
volumes:
  - name: secrets
    secret:
      secretName: {{ $.Values.secret.name }}
      defaultMode: 0440
      items:
        {{- range $.Values.secret.keys }}
        - { key: {{ . }}, path: {{ . }} }
        {{- end }}
  {{- if $.Values.authorities.configMap }}
  {{- include "gatehouse.authoritiesVolume" $ | nindent 2 }}
  {{- end }}
{{- end }}

{{/* The pod of a command that runs as the owner of the database: (list $ "migrate") */}}
{{- define "gatehouse.owner" -}}
{{- $ := index . 0 }}
{{- $command := index . 1 }}
{{- /* Only restored asks WorkOS, and needs what serve has. */}}
{{- $all := eq $command "restored" }}
{{- $keys := ternary $.Values.secret.keys (list "DATABASE_URL") $all }}
{{- $settings := ternary $.Values.settings (pick $.Values.settings "RETENTION_DAYS") $all }}
{{- include "gatehouse.pod" $ }}
# Pods that failed stay with their logs, until the Job is deleted.
restartPolicy: Never
containers:
  - name: {{ $command }}
    image: {{ include "gatehouse.image" $ }}
    imagePullPolicy: {{ $.Values.image.pullPolicy }}
    args: [{{ $command }}]
    env:
      {{- range $keys }}
      - { name: {{ . }}_FILE, value: /run/secrets/gatehouse/{{ . }} }
      {{- end }}
      - { name: DATABASE_MIGRATION_URL_FILE, value: /run/secrets/gatehouse/DATABASE_MIGRATION_URL }
      {{- range $name, $value := $settings }}
      - { name: {{ $name }}, value: {{ $value | quote }} }
      {{- end }}
      {{- if $.Values.authorities.configMap }}
      {{- include "gatehouse.authoritiesVariable" $ | nindent 6 }}
      {{- end }}
    {{- if $all }}
    resources: {{ toYaml $.Values.worker.resources | nindent 6 }}
    {{- else }}
    resources:
      requests: { cpu: 50m, memory: 96Mi }
      limits: { memory: 256Mi }
    {{- end }}
    securityContext:
      {{- include "gatehouse.containerSecurity" $ | nindent 6 }}
    volumeMounts:
      - { name: secrets, mountPath: /run/secrets/gatehouse, readOnly: true }
      {{- if $.Values.authorities.configMap }}
      {{- include "gatehouse.authoritiesMount" $ | nindent 6 }}
      {{- end }}
volumes:
  - name: secrets
    projected:
      defaultMode: 0440
      sources:
        - secret:
            name: {{ $.Values.secret.name }}
            items:
              {{- range $keys }}
              - { key: {{ . }}, path: {{ . }} }
              {{- end }}
        - secret:
            name: {{ $.Values.ownerSecret.name }}
            items: [{ key: DATABASE_MIGRATION_URL, path: DATABASE_MIGRATION_URL }]
  {{- if $.Values.authorities.configMap }}
  {{- include "gatehouse.authoritiesVolume" $ | nindent 2 }}
  {{- end }}
{{- end }}
