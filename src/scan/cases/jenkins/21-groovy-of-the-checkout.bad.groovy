// finds: jenkins-loaded-code
// --- Jenkinsfile
timeout(30) {
    node('linux') {
        checkout scm
        def release = load 'ci/release.groovy'
        stage('Check') {
            release.check(env.CHANGE_ID)
            sh 'make check'
        }
    }
}
