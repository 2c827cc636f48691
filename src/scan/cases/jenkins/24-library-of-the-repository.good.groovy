// --- Jenkinsfile
timeout(30) {
    node('linux') {
        checkout scm
        stage('Preview') {
            preview(branch: env.CHANGE_BRANCH, size: 'small')
        }
    }
}
// --- vars/preview.groovy
def call(Map settings) {
    withEnv(["SIZE=${settings.size}", "BRANCH=${settings.branch}"]) {
        sh './preview.sh --size "$SIZE" --branch "$BRANCH"'
    }
}
